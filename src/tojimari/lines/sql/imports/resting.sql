-- Rows that would give a number to somebody while it still rests after its last holder. Not those of the very line that
-- held it, nor of a number that a line of the carrier holds already: giving it out was said to be right then.
INSERT INTO import_refused (row_no, column_name, code, fact)
SELECT given.row_no, 'msisdn', 'msisdn.rests', rest.free_from::text
FROM
    import_row AS given
    CROSS JOIN LATERAL (
        SELECT free_from FROM lines_restingnumber
        WHERE carrier_id = %(carrier)s AND msisdn = given.msisdn AND free_from > %(today)s
        LIMIT 1
    ) AS rest
WHERE
    NOT EXISTS (
        SELECT FROM lines_line
        WHERE carrier_id = %(carrier)s AND iccid = given.iccid AND state IN ('terminated', 'ported_out')
    )
    AND NOT EXISTS (
        SELECT FROM lines_line
        WHERE carrier_id = %(carrier)s AND msisdn = given.msisdn AND NOT msisdn = ''
            AND NOT state IN ('terminated', 'ported_out')
    )
