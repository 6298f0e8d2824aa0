-- Claim due steps of one lane for one worker. Rows that another worker is just taking are skipped, never waited for.
-- The lease ends by the claim's own clock; a step whose lease has run out is due again.
WITH due AS (
    SELECT id
    FROM terminations_step
    WHERE lane = %(lane)s AND actor = 'system' AND state = 'open' AND due_at <= %(at)s
    ORDER BY due_at, id
    LIMIT %(size)s
    FOR UPDATE SKIP LOCKED
)
UPDATE terminations_step AS step
SET state = 'claimed', lease_owner = %(owner)s, lease_until = %(until)s, attempts = step.attempts + 1
FROM due
WHERE step.id = due.id
RETURNING step.id, step.termination_id, step.name, step.attempts, step.code
