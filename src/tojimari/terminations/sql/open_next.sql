-- Open the next waiting step of each case. It is due when its waiting is over, and not before the contract's end where
-- the procedure says so. Steps of held cases open as paused.
WITH next AS (
    SELECT DISTINCT ON (termination_id) id
    FROM terminations_step
    WHERE termination_id = ANY(%(cases)s) AND state = 'waiting'
    ORDER BY termination_id, number
)
UPDATE terminations_step AS step
SET state = CASE WHEN t.state = 'held' THEN 'paused' ELSE 'open' END,
    due_at = greatest(
        %(at)s + make_interval(secs => step.wait_seconds),
        CASE WHEN step.when_effective THEN t.ends_at END
    )
FROM next, terminations_termination AS t
WHERE step.id = next.id AND t.id = step.termination_id
RETURNING step.termination_id, step.name, step.actor, step.lane
