-- What runs on the lines that the chunk has made.
INSERT INTO lines_service (carrier_id, line_id, kind, state)
SELECT %(carrier)s, line.line_id, kind.kind, 'active'
FROM import_line AS line JOIN import_row AS given USING (row_no) CROSS JOIN LATERAL unnest(given.services) AS kind (kind)
WHERE line.made
ORDER BY line.line_id
