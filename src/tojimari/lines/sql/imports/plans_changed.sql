-- What the file says of plans that the carrier has. What it does not say stays.
UPDATE lines_plan AS plan
SET
    name = coalesce(given.name, plan.name),
    monthly_fee_yen = coalesce(given.fee, plan.monthly_fee_yen),
    final_month_policy = coalesce(given.policy, plan.final_month_policy),
    prepaid = coalesce(given.prepaid, plan.prepaid)
FROM
    unnest(%(codes)s::text[], %(names)s::text[], %(fees)s::integer[], %(policies)s::text[], %(prepaid)s::boolean[])
        AS given (code, name, fee, policy, prepaid)
WHERE
    plan.carrier_id = %(carrier)s AND plan.code = given.code
    AND (
        given.name <> plan.name OR given.fee <> plan.monthly_fee_yen
        OR given.policy <> plan.final_month_policy OR given.prepaid <> plan.prepaid
    )
