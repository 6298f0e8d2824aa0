-- Rows that say otherwise of a customer than an earlier row of the same run. Which one is right is not ours to decide,
-- and taking the last one would change the customer back and forth whenever the file is imported again.
INSERT INTO import_refused (row_no, column_name, code, fact)
SELECT given.row_no, 'customer', 'customer.differs', ''
FROM
    import_row AS given
    JOIN import_subscriber AS subscriber USING (customer)
    CROSS JOIN LATERAL (SELECT * FROM lines_subscriber WHERE id = subscriber.subscriber_id LIMIT 1) AS known
WHERE
    subscriber.subscriber_id IN (SELECT subscriber_id FROM import_subscriber_change)
    AND (
        given.name_latin <> known.name_latin OR given.name_kana <> known.name_kana
        OR given.name_kanji <> known.name_kanji OR given.language <> known.language
        OR given.corporate <> known.corporate
    )
