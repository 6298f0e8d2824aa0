-- Move one kind of service on these lines from one state to another.
WITH locked AS (
    SELECT line_id FROM lines_service WHERE line_id = ANY(%(lines)s) AND kind = %(kind)s ORDER BY line_id FOR UPDATE
)
UPDATE lines_service AS service
SET state = %(after)s
FROM locked
WHERE service.line_id = locked.line_id AND service.kind = %(kind)s AND service.state = %(before)s
RETURNING service.line_id
