-- Write the steps of many cases that follow the same procedure through the same channel.
INSERT INTO terminations_step (
    carrier_id, termination_id, number, name, actor, lane, no_return, wait_seconds, when_effective, state, due_at,
    lease_owner, attempts, code, evidence, done_at, done_by
)
SELECT %(carrier)s, t.id, plan.number, plan.name, plan.actor, plan.lane, plan.no_return, plan.wait_seconds,
       plan.when_effective, plan.state, NULL, '', 0, plan.code, plan.evidence,
       CASE WHEN plan.state IN ('done', 'skipped') THEN %(at)s END,
       CASE WHEN plan.state IN ('done', 'skipped') THEN %(by)s ELSE '' END
FROM unnest(%(cases)s::bigint[]) AS t (id)
CROSS JOIN unnest(
    %(numbers)s::int[], %(names)s::text[], %(actors)s::text[], %(lanes)s::text[], %(no_returns)s::bool[],
    %(waits)s::int[], %(effectives)s::bool[], %(states)s::text[], %(codes)s::text[], %(evidence)s::jsonb[]
) AS plan (number, name, actor, lane, no_return, wait_seconds, when_effective, state, code, evidence)
