-- Plans that the file describes and the carrier does not have yet.
INSERT INTO lines_plan (carrier_id, code, name, monthly_fee_yen, final_month_policy, prepaid)
SELECT
    %(carrier)s, code, coalesce(name, code), fee,
    coalesce(policy, CASE WHEN prepaid THEN 'prepaid_none' ELSE 'full_month' END), coalesce(prepaid, false)
FROM
    unnest(%(codes)s::text[], %(names)s::text[], %(fees)s::integer[], %(policies)s::text[], %(prepaid)s::boolean[])
        AS given (code, name, fee, policy, prepaid)
WHERE fee IS NOT NULL
ORDER BY code
ON CONFLICT (carrier_id, code) DO NOTHING
