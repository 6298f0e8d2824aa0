-- Move lines from one state to another. Another worker may have moved some of them first: those are left alone.
WITH locked AS (
    SELECT id FROM lines_line WHERE id = ANY(%(lines)s) ORDER BY id FOR UPDATE
)
UPDATE lines_line AS line
SET state = %(after)s, changed_at = now()
FROM locked
WHERE line.id = locked.id AND line.state = %(before)s
RETURNING line.id
