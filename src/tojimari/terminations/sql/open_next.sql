-- Open the next waiting step of each case; what puts a line back comes before everything else that waits. It is due when its waiting is over, and not before the contract's end where
-- the procedure says so. Steps of held cases open as paused. A step of the caller's own lane that is due at once is
-- claimed for it in the same breath: a worker that has a case in hand goes on with it.
WITH next AS (
    SELECT DISTINCT ON (termination_id) id, termination_id
    FROM terminations_step
    WHERE termination_id = ANY(%(cases)s) AND state = 'waiting'
    ORDER BY termination_id, split_part(name, '@', 1) = 'restore' DESC, number
), opened AS (
    SELECT step.id, t.state = 'held' AS held, due.at AS due_at,
           step.actor = 'system' AND step.lane = %(lane)s AND due.at <= %(at)s AND t.state <> 'held' AS mine
    FROM next
    JOIN terminations_step AS step ON step.id = next.id
    JOIN terminations_termination AS t ON t.id = next.termination_id
    CROSS JOIN LATERAL (
        SELECT greatest(
            %(at)s::timestamptz + make_interval(secs => step.wait_seconds),
            CASE WHEN step.when_effective THEN t.ends_at END
        ) AS at
    ) AS due
)
UPDATE terminations_step AS step
SET due_at = opened.due_at,
    state = CASE WHEN opened.held THEN 'paused' WHEN opened.mine THEN 'claimed' ELSE 'open' END,
    lease_owner = CASE WHEN opened.mine THEN %(owner)s ELSE '' END,
    lease_until = CASE WHEN opened.mine THEN %(until)s::timestamptz END,
    attempts = step.attempts + opened.mine::int
FROM opened
WHERE step.id = opened.id
RETURNING step.id, step.termination_id, step.name, step.attempts, step.code, opened.mine
