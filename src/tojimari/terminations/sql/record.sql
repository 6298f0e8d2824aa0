-- Record what became of claimed steps. Only a step that is still this worker's is touched: another worker may have taken
-- it over after the lease ran out, and then this answer comes too late and is dropped. The owner alone says so: it is
-- empty in every state but claimed, and without the state in the condition the rows are found by their ids.
UPDATE terminations_step AS step
SET state = told.state, actor = coalesce(told.actor, step.actor), code = told.code, evidence = told.evidence, due_at = coalesce(told.due_at, step.due_at),
    lease_owner = '', lease_until = NULL,
    done_at = CASE WHEN told.state = 'done' THEN %(at)s END,
    done_by = CASE WHEN told.state = 'done' THEN 'system' ELSE '' END
FROM jsonb_to_recordset(%(told)s::jsonb) AS told (id bigint, state text, actor text, code text, due_at timestamptz, evidence jsonb)
WHERE step.id = told.id AND step.lease_owner = %(owner)s
RETURNING step.id
