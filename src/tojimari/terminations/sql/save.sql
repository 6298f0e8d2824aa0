-- Write back what changed on locked cases.
UPDATE terminations_termination AS t
SET state = new.state, code = new.code, finished_at = new.finished_at
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(codes)s::text[], %(finished)s::timestamptz[])
     AS new (id, state, code, finished_at)
WHERE t.id = new.id
