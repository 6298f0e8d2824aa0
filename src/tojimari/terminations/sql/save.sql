-- Write back what changed on locked cases.
UPDATE terminations_termination AS t
SET state = new.state, code = new.code, head = new.head, events = new.events, finished_at = new.finished_at
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(codes)s::text[], %(heads)s::bytea[], %(events)s::int[],
            %(finished)s::timestamptz[]) AS new (id, state, code, head, events, finished_at)
WHERE t.id = new.id
