-- Keep the first moment at which a number was off.
WITH locked AS (
    SELECT id FROM lines_line WHERE id = ANY(%(lines)s) ORDER BY id FOR UPDATE
)
UPDATE lines_line AS line
SET number_off_at = %(at)s
FROM locked
WHERE line.id = locked.id AND line.number_off_at IS NULL
RETURNING line.id
