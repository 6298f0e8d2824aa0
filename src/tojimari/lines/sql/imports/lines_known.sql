-- The other rows: their line is there already, or something about them belongs to another line.
WITH judged AS (
    SELECT
        given.row_no, line.id, line.subscriber_id, line.state, number.id AS number_line, identity.id AS identity_line,
        CASE
            WHEN seen.row_no IS NOT NULL THEN 'row.twice'
            WHEN line.subscriber_id <> subscriber.subscriber_id THEN 'iccid.other_customer'
            WHEN line.kind <> given.kind THEN 'kind.differs'
            WHEN line.state <> 'active' THEN ''
            WHEN number.id <> line.id OR (line.id IS NULL AND number.id IS NOT NULL) THEN 'msisdn.other_line'
            WHEN identity.id <> line.id OR (line.id IS NULL AND identity.id IS NOT NULL) THEN 'imsi.other_line'
            WHEN line.id IS NULL THEN 'row.again'
            ELSE ''
        END AS code,
        seen.row_no AS seen_row
    FROM
        import_row AS given
        JOIN import_subscriber AS subscriber USING (customer)
        LEFT JOIN LATERAL (
            SELECT id, subscriber_id, kind, state FROM lines_line
            WHERE carrier_id = %(carrier)s AND iccid = given.iccid
            LIMIT 1
        ) AS line ON true
        LEFT JOIN LATERAL (
            SELECT id FROM lines_line
            WHERE
                carrier_id = %(carrier)s AND msisdn = given.msisdn AND NOT msisdn = ''
                AND NOT state IN ('terminated', 'ported_out')
            LIMIT 1
        ) AS number ON true
        LEFT JOIN LATERAL (
            SELECT id FROM lines_line
            WHERE carrier_id = %(carrier)s AND imsi = given.imsi AND NOT imsi = '' AND NOT state = 'terminated'
            LIMIT 1
        ) AS identity ON true
        LEFT JOIN LATERAL (SELECT row_no FROM import_seen WHERE line_id = line.id LIMIT 1) AS seen ON true
    WHERE
        NOT EXISTS (SELECT FROM import_line AS made WHERE made.row_no = given.row_no)
        AND NOT EXISTS (SELECT FROM import_refused AS refused WHERE refused.row_no = given.row_no)
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
SELECT row_no, id, subscriber_id, false, state = 'active' FROM judged WHERE code = ''
