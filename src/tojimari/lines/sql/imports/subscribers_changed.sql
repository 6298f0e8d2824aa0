-- What the file says of subscribers that were there before. What it does not say stays.
WITH changed AS (
    UPDATE lines_subscriber AS known
    SET
        name_latin = coalesce(given.name_latin, known.name_latin),
        name_kana = coalesce(given.name_kana, known.name_kana),
        name_kanji = coalesce(given.name_kanji, known.name_kanji),
        language = coalesce(given.language, known.language),
        corporate = coalesce(given.corporate, known.corporate)
    FROM import_row AS given JOIN import_subscriber AS subscriber USING (customer)
    WHERE
        known.id = subscriber.subscriber_id AND given.first_of_customer AND NOT subscriber.fresh
        AND given.row_no NOT IN (SELECT row_no FROM import_refused)
        AND (
            given.name_latin <> known.name_latin OR given.name_kana <> known.name_kana
            OR given.name_kanji <> known.name_kanji OR given.language <> known.language
            OR given.corporate <> known.corporate
        )
    RETURNING given.row_no
)
INSERT INTO import_changed (row_no) SELECT row_no FROM changed
