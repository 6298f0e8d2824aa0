-- A try that asked the element nothing tells nothing: the next step tries at once.
UPDATE terminations_lane SET rests_until = %(at)s WHERE name = %(lane)s AND rests_until IS NOT NULL
