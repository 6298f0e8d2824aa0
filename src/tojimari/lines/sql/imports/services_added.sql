-- Services that lines which were there before did not have yet. One that has ended is not revived.
WITH added AS (
    INSERT INTO lines_service (carrier_id, line_id, kind, state, monthly_fee_yen, lives_on)
    SELECT
        %(carrier)s, line.line_id, kind.kind, 'active', CASE WHEN kind.kind = 'option' THEN given.option_fee_yen END,
        kind.kind = 'option' AND coalesce(given.option_lives_on, false)
    FROM
        import_line AS line
        JOIN import_row AS given USING (row_no)
        CROSS JOIN LATERAL unnest(given.services) AS kind (kind)
    WHERE
        line.open AND NOT line.made
        AND (
            SELECT true FROM lines_service AS known WHERE known.line_id = line.line_id AND known.kind = kind.kind LIMIT 1
        ) IS NULL
    ON CONFLICT (line_id, kind) DO NOTHING
    RETURNING line_id
)
INSERT INTO import_changed (row_no)
SELECT DISTINCT line.row_no FROM added JOIN import_line AS line USING (line_id)
