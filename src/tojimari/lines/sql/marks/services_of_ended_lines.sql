-- What ran on a line ends with it, but for an option that is a contract of its own. The rows of the lines are locked
-- already by the statement before.
UPDATE lines_service AS service
SET state = 'terminated', ended_at = line.ended_at
FROM lines_line AS line
WHERE line.id = service.line_id AND service.line_id = ANY(%(lines)s) AND service.state <> 'terminated'
    AND NOT service.lives_on
RETURNING service.line_id
