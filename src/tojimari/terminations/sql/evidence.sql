-- The evidence of the done steps of cases, one JSON text per case; of the named steps only, unless no names are given.
SELECT termination_id, json_object_agg(name, evidence)::text
FROM terminations_step
WHERE termination_id = ANY(%(cases)s) AND state IN ('done', 'skipped')
  AND (%(names)s::text[] IS NULL OR name = ANY(%(names)s))
GROUP BY termination_id
