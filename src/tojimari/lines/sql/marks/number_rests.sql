-- Numbers that rest. Told twice, the later day counts.
INSERT INTO lines_restingnumber (carrier_id, msisdn, free_from)
SELECT * FROM unnest(%(carriers)s::bigint[], %(numbers)s::text[], %(days)s::date[])
ON CONFLICT (carrier_id, msisdn) DO UPDATE SET free_from = excluded.free_from
WHERE lines_restingnumber.free_from < excluded.free_from
