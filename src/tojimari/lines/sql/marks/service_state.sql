-- Move one kind of service on these lines from one state to another.
WITH locked AS (
    SELECT id FROM lines_service WHERE line_id = ANY(%(lines)s) AND kind = %(kind)s ORDER BY id FOR UPDATE
)
UPDATE lines_service AS service
SET state = %(after)s
FROM locked
WHERE service.id = locked.id AND service.state = %(before)s
RETURNING service.line_id
