-- The other rows: their line is there already, or something about them belongs to another line. Each LATERAL is one
-- index look-up a row, and none where the row says of the line what is known.
WITH judged AS (
    SELECT
        given.row_no, line.id, line.subscriber_id, line.state = 'active' AS open, seen.row_no AS seen_row,
        CASE
            WHEN seen.row_no IS NOT NULL THEN 'row.twice'
            WHEN line.subscriber_id <> subscriber.subscriber_id THEN 'iccid.other_customer'
            WHEN line.kind <> given.kind THEN 'kind.differs'
            WHEN line.state <> 'active' THEN ''
            WHEN number.id IS NOT NULL THEN 'msisdn.other_line'
            WHEN identity.id IS NOT NULL THEN 'imsi.other_line'
            WHEN line.id IS NULL THEN 'row.again'
            ELSE ''
        END AS code
    FROM
        import_row AS given
        JOIN import_subscriber AS subscriber USING (customer)
        LEFT JOIN LATERAL (
            SELECT * FROM lines_line WHERE carrier_id = %(carrier)s AND iccid = given.iccid LIMIT 1
        ) AS line ON true
        LEFT JOIN LATERAL (
            SELECT id FROM lines_line
            WHERE
                carrier_id = %(carrier)s AND msisdn = given.msisdn AND NOT msisdn = ''
                AND NOT state IN ('terminated', 'ported_out')
                AND given.msisdn IS DISTINCT FROM line.msisdn
            LIMIT 1
        ) AS number ON true
        LEFT JOIN LATERAL (
            SELECT id FROM lines_line
            WHERE
                carrier_id = %(carrier)s AND imsi = given.imsi AND NOT imsi = '' AND NOT state = 'terminated'
                AND given.imsi IS DISTINCT FROM line.imsi
            LIMIT 1
        ) AS identity ON true
        LEFT JOIN LATERAL (SELECT row_no FROM import_seen WHERE line_id = line.id LIMIT 1) AS seen ON true
    WHERE
        given.row_no NOT IN (SELECT row_no FROM import_line)
        AND given.row_no NOT IN (SELECT row_no FROM import_refused)
),
refused AS (
    INSERT INTO import_refused (row_no, column_name, code, fact)
    SELECT
        row_no,
        CASE code
            WHEN 'kind.differs' THEN 'kind' WHEN 'msisdn.other_line' THEN 'msisdn' WHEN 'imsi.other_line' THEN 'imsi'
            ELSE 'iccid'
        END,
        code, coalesce(seen_row::text, '')
    FROM judged
    WHERE code <> ''
)
INSERT INTO import_line (row_no, line_id, subscriber_id, made, open)
SELECT row_no, id, subscriber_id, false, open FROM judged WHERE code = ''
