-- Put steps whose worker is gone (lease run out) back to open, so that the next claim takes them; those of a case that
-- was put on hold meanwhile wait with it.
UPDATE terminations_step AS step
SET state = CASE WHEN t.state = 'held' THEN 'paused' ELSE 'open' END, lease_owner = '', lease_until = NULL
FROM terminations_termination AS t
WHERE t.id = step.termination_id AND step.state = 'claimed' AND step.lease_until < %(at)s
