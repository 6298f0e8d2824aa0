-- Lines have ended, each at the end of its own contract. A line that was ported out keeps that state.
WITH locked AS (
    SELECT id FROM lines_line WHERE id = ANY(%(lines)s) ORDER BY id FOR UPDATE
)
UPDATE lines_line AS line
SET state = 'terminated', ended_at = given.ended_at, number_off_at = coalesce(line.number_off_at, %(at)s),
    changed_at = now()
FROM locked JOIN unnest(%(lines)s::bigint[], %(ends)s::timestamptz[]) AS given (id, ended_at) USING (id)
WHERE line.id = locked.id AND line.state IN ('active', 'pending_terminate')
RETURNING line.id
