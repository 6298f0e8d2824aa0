-- Lock cases before anything of theirs changes, always in the same order, so that two writers never wait for each other.
SELECT id, carrier_id, reference, kind, scope, line_id, state, code, ends_at, finished_at
FROM terminations_termination
WHERE id = ANY(%(ids)s)
ORDER BY id
FOR UPDATE
