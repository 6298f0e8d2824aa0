-- Lines that are not there yet. A row whose ICCID, IMSI or number is taken is passed over here and judged afterwards:
-- trying is cheaper than asking first, since most rows of a first import are new.
WITH made AS (
    INSERT INTO lines_line (
        carrier_id, subscriber_id, plan_id, kind, msisdn, imsi, iccid, eid, order_number,
        state, contract_on, valid_until, balance_yen, last_used_on, ported_in
    )
    SELECT
        %(carrier)s, subscriber.subscriber_id, plan.id, given.kind, coalesce(given.msisdn, ''),
        coalesce(given.imsi, ''), given.iccid, coalesce(given.eid, ''), coalesce(given.order_number, ''),
        'active', given.contract_on, given.valid_until, coalesce(given.balance_yen, 0), given.last_used_on,
        coalesce(given.ported_in, false)
    FROM
        import_row AS given
        JOIN import_subscriber AS subscriber USING (customer)
        JOIN lines_plan AS plan ON plan.carrier_id = %(carrier)s AND plan.code = given.plan
    WHERE given.row_no NOT IN (SELECT row_no FROM import_refused)
    ON CONFLICT DO NOTHING
    RETURNING id, subscriber_id, iccid
)
INSERT INTO import_line (row_no, line_id, subscriber_id, made, open)
SELECT given.row_no, made.id, made.subscriber_id, true, true
FROM made JOIN import_row AS given USING (iccid)
