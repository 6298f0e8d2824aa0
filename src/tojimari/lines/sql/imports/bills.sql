-- Unpaid bills. A bill that was paid since stays paid.
WITH changed AS (
    INSERT INTO lines_bill AS bill (carrier_id, line_id, month, amount_yen, due_on)
    SELECT %(carrier)s, line.line_id, given.unpaid_month, given.unpaid_yen, given.unpaid_due_on
    FROM import_line AS line JOIN import_row AS given USING (row_no)
    WHERE line.open AND given.unpaid_month IS NOT NULL
    ORDER BY line.line_id
    ON CONFLICT (line_id, month) DO UPDATE
    SET amount_yen = excluded.amount_yen, due_on = excluded.due_on
    WHERE
        bill.paid_on IS NULL
        AND (excluded.amount_yen <> bill.amount_yen OR excluded.due_on <> bill.due_on)
    RETURNING line_id
)
INSERT INTO import_changed (row_no)
SELECT line.row_no FROM changed JOIN import_line AS line USING (line_id) WHERE NOT line.made
