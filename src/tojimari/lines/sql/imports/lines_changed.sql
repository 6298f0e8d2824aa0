-- What the file says of lines that were there before and run. What it does not say stays; a line that is about to end,
-- or has ended, is not touched, and no state is ever changed here.
WITH changed AS (
    UPDATE lines_line AS known
    SET
        plan_id = given.plan_id, msisdn = given.msisdn, imsi = given.imsi, eid = given.eid,
        order_number = given.order_number, contract_on = given.contract_on, valid_until = given.valid_until,
        balance_yen = given.balance_yen, last_used_on = given.last_used_on, ported_in = given.ported_in,
        changed_at = CASE
            WHEN (known.msisdn, known.imsi, known.eid) = (given.msisdn, given.imsi, given.eid) THEN known.changed_at
            ELSE now()
        END
    FROM import_line_change AS given
    WHERE
        known.id = ANY (ARRAY(SELECT line_id FROM import_line_change))
        AND known.id = given.line_id AND known.state = 'active'
    RETURNING given.row_no
)
INSERT INTO import_changed (row_no) SELECT row_no FROM changed
