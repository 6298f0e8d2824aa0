-- One kind of service on these lines has ended, each at the end of its own contract.
WITH locked AS (
    SELECT line_id FROM lines_service WHERE line_id = ANY(%(lines)s) AND kind = %(kind)s ORDER BY line_id FOR UPDATE
)
UPDATE lines_service AS service
SET state = 'terminated', ended_at = given.ended_at
FROM locked, unnest(%(lines)s::bigint[], %(ends)s::timestamptz[]) AS given (line_id, ended_at)
WHERE
    service.line_id = locked.line_id AND service.kind = %(kind)s AND given.line_id = service.line_id
    AND service.state <> 'terminated'
RETURNING service.line_id
