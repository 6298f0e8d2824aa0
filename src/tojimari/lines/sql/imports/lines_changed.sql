-- What the file says of lines that were there before and run. What it does not say stays; a line that is about to end,
-- or has ended, is not touched, and no state is ever changed here.
WITH changed AS (
    UPDATE lines_line AS known
    SET
        plan_id = plan.id,
        msisdn = coalesce(given.msisdn, known.msisdn),
        imsi = coalesce(given.imsi, known.imsi),
        eid = coalesce(given.eid, known.eid),
        order_number = coalesce(given.order_number, known.order_number),
        contract_on = given.contract_on,
        valid_until = coalesce(given.valid_until, known.valid_until),
        balance_yen = coalesce(given.balance_yen, known.balance_yen),
        last_used_on = coalesce(given.last_used_on, known.last_used_on)
    FROM
        import_line AS line
        JOIN import_row AS given USING (row_no)
        JOIN lines_plan AS plan ON plan.carrier_id = %(carrier)s AND plan.code = given.plan
    WHERE
        known.id = line.line_id AND NOT line.made AND line.open AND known.state = 'active'
        AND (
            plan.id <> known.plan_id OR given.msisdn <> known.msisdn OR given.imsi <> known.imsi
            OR given.eid <> known.eid OR given.order_number <> known.order_number
            OR given.contract_on <> known.contract_on
            OR given.valid_until IS DISTINCT FROM known.valid_until AND given.valid_until IS NOT NULL
            OR given.balance_yen <> known.balance_yen
            OR given.last_used_on IS DISTINCT FROM known.last_used_on AND given.last_used_on IS NOT NULL
        )
    RETURNING given.row_no
)
INSERT INTO import_changed (row_no) SELECT row_no FROM changed
