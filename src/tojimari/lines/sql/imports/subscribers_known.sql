-- Subscribers that were there before. LATERAL with LIMIT is one index look-up a row, however large the table is and
-- whatever the planner believes about a temporary table without statistics. Locked, so that none is deleted before the
-- lines of this chunk hold it.
INSERT INTO import_subscriber (customer, subscriber_id, fresh)
SELECT given.customer, known.id, false
FROM
    import_row AS given
    CROSS JOIN LATERAL (
        SELECT id FROM lines_subscriber WHERE carrier_id = %(carrier)s AND number = given.customer LIMIT 1
        FOR KEY SHARE
    ) AS known
WHERE
    given.first_of_customer
    AND NOT EXISTS (SELECT FROM import_subscriber AS fresh WHERE fresh.customer = given.customer)
