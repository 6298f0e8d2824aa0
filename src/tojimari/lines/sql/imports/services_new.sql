-- What runs on the lines that the chunk has made.
INSERT INTO lines_service (carrier_id, line_id, kind, state, monthly_fee_yen, lives_on)
SELECT
    %(carrier)s, line.line_id, kind.kind, 'active', CASE WHEN kind.kind = 'option' THEN given.option_fee_yen END,
    kind.kind = 'option' AND coalesce(given.option_lives_on, false)
FROM import_line AS line JOIN import_row AS given USING (row_no) CROSS JOIN LATERAL unnest(given.services) AS kind (kind)
WHERE line.made
ORDER BY line.line_id
