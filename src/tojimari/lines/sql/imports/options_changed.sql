-- What the file says of options on lines that were there before. What it does not say stays; one that ended is left so.
WITH given AS MATERIALIZED (
    SELECT
        line.row_no, line.line_id, coalesce(given.option_fee_yen, known.monthly_fee_yen) AS fee,
        coalesce(given.option_lives_on, known.lives_on) AS lives_on
    FROM
        import_line AS line
        JOIN import_row AS given USING (row_no)
        CROSS JOIN LATERAL (
            SELECT * FROM lines_service WHERE line_id = line.line_id AND kind = 'option' AND state = 'active' LIMIT 1
        ) AS known
    WHERE
        line.open AND NOT line.made AND (given.option_fee_yen IS NOT NULL OR given.option_lives_on IS NOT NULL)
        AND (
            coalesce(given.option_fee_yen, known.monthly_fee_yen) IS DISTINCT FROM known.monthly_fee_yen
            OR coalesce(given.option_lives_on, known.lives_on) <> known.lives_on
        )
),
changed AS (
    UPDATE lines_service AS service
    SET monthly_fee_yen = given.fee, lives_on = given.lives_on
    FROM given
    WHERE service.line_id = ANY (ARRAY(SELECT line_id FROM given)) AND service.line_id = given.line_id
        AND service.kind = 'option'
    RETURNING given.row_no
)
INSERT INTO import_changed (row_no) SELECT row_no FROM changed
