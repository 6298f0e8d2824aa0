-- Find the rows that describe a subscriber otherwise than the database does, and whether this run has met the
-- subscriber before.
INSERT INTO import_subscriber_change
SELECT
    given.row_no, subscriber.subscriber_id, given.first_of_customer,
    coalesce((
        SELECT true FROM lines_line AS line JOIN import_seen AS seen ON seen.line_id = line.id
        WHERE line.subscriber_id = subscriber.subscriber_id
        LIMIT 1
    ), false),
    coalesce(given.name_latin, known.name_latin), coalesce(given.name_kana, known.name_kana),
    coalesce(given.name_kanji, known.name_kanji), coalesce(given.language, known.language),
    coalesce(given.corporate, known.corporate)
FROM
    import_row AS given
    JOIN import_subscriber AS subscriber USING (customer)
    CROSS JOIN LATERAL (SELECT * FROM lines_subscriber WHERE id = subscriber.subscriber_id LIMIT 1) AS known
WHERE
    NOT (subscriber.fresh AND given.first_of_customer)
    AND NOT (given.first_of_customer AND %(all_fresh)s)  -- the same, for a planner that can tell before it joins
    AND (
        given.name_latin <> known.name_latin OR given.name_kana <> known.name_kana
        OR given.name_kanji <> known.name_kanji OR given.language <> known.language
        OR given.corporate <> known.corporate
    )
