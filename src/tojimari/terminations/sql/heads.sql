-- The newest event of each locked case. A statement of its own: it must see what was committed while the lock was waited for.
SELECT t.id, newest.hash, newest.number
FROM unnest(%(ids)s::bigint[]) AS t (id)
CROSS JOIN LATERAL (
    SELECT hash, number FROM proofs_event WHERE case_id = t.id ORDER BY number DESC LIMIT 1
) AS newest
