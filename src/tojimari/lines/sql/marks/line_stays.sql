-- Lines that were about to end stay. Whatever was switched off for their end is on again, the number too.
WITH locked AS (
    SELECT id FROM lines_line WHERE id = ANY(%(lines)s) ORDER BY id FOR UPDATE
)
UPDATE lines_line AS line
SET state = 'active', number_off_at = NULL, changed_at = now()
FROM locked
WHERE line.id = locked.id AND line.state = 'pending_terminate'
RETURNING line.id
