-- Where the other subscribers are reached, if the file says so for the first time. What a person has proved to receive
-- stands against the file. The first row of a run replaces what an older file said; further rows of it add to that.
WITH said AS (
    SELECT line.row_no, given.first_of_customer, subscriber.subscriber_id, contact.kind, contact.value
    FROM
        import_line AS line
        JOIN import_row AS given USING (row_no)
        JOIN import_subscriber AS subscriber USING (customer)
        CROSS JOIN LATERAL (VALUES ('email', given.email), ('sms', given.sms)) AS contact (kind, value)
    WHERE NOT subscriber.fresh AND contact.value IS NOT NULL AND line.open
),
wanted AS MATERIALIZED (
    SELECT
        said.*,
        said.first_of_customer AND (
            SELECT true FROM lines_line AS other JOIN import_seen AS seen ON seen.line_id = other.id
            WHERE other.subscriber_id = said.subscriber_id
            LIMIT 1
        ) IS NULL AS replaces
    FROM said
    WHERE
        (
            SELECT true FROM lines_contactpoint AS known
            WHERE
                known.subscriber_id = said.subscriber_id AND known.kind = said.kind
                AND (known.value = said.value OR known.verified_at IS NOT NULL)
            LIMIT 1
        ) IS NULL
),
replaced AS (
    DELETE FROM lines_contactpoint
    WHERE
        id = ANY (ARRAY(
            SELECT old.id
            FROM
                wanted
                CROSS JOIN LATERAL (
                    SELECT id, value FROM lines_contactpoint
                    WHERE subscriber_id = wanted.subscriber_id AND kind = wanted.kind
                    OFFSET 0
                ) AS old
            WHERE
                wanted.replaces
                AND (wanted.subscriber_id, wanted.kind, old.value) NOT IN (SELECT subscriber_id, kind, value FROM said)
        ))
),
added AS (
    INSERT INTO lines_contactpoint (carrier_id, subscriber_id, kind, value)
    SELECT DISTINCT %(carrier)s, subscriber_id, kind, value FROM wanted
    ON CONFLICT (subscriber_id, kind, value) DO NOTHING
)
INSERT INTO import_changed (row_no)
SELECT DISTINCT wanted.row_no FROM wanted JOIN import_line AS line USING (row_no) WHERE NOT line.made
