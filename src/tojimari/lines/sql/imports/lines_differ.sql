-- Find the rows that describe a line that was there before, and runs, otherwise than the database does.
INSERT INTO import_line_change
SELECT
    given.row_no, known.id, plan.id, coalesce(given.msisdn, known.msisdn), coalesce(given.imsi, known.imsi),
    coalesce(given.eid, known.eid), coalesce(given.order_number, known.order_number), given.contract_on,
    coalesce(given.valid_until, known.valid_until), coalesce(given.balance_yen, known.balance_yen),
    coalesce(given.last_used_on, known.last_used_on), coalesce(given.ported_in, known.ported_in)
FROM
    import_line AS line
    JOIN import_row AS given USING (row_no)
    JOIN lines_plan AS plan ON plan.carrier_id = %(carrier)s AND plan.code = given.plan
    CROSS JOIN LATERAL (SELECT * FROM lines_line WHERE id = line.line_id LIMIT 1) AS known
WHERE
    NOT line.made AND line.open
    AND (
        plan.id <> known.plan_id OR given.msisdn <> known.msisdn OR given.imsi <> known.imsi
        OR given.eid <> known.eid OR given.order_number <> known.order_number OR given.contract_on <> known.contract_on
        OR coalesce(given.valid_until, known.valid_until) IS DISTINCT FROM known.valid_until
        OR given.balance_yen <> known.balance_yen OR given.ported_in <> known.ported_in
        OR coalesce(given.last_used_on, known.last_used_on) IS DISTINCT FROM known.last_used_on
    )
