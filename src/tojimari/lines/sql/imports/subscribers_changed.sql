-- What the file says of subscribers that were there before. What it does not say stays. Only the first row of a run
-- may change a subscriber; the primary key is told one by one, so that no plan reads the whole table.
WITH changed AS (
    UPDATE lines_subscriber AS known
    SET
        name_latin = given.name_latin, name_kana = given.name_kana, name_kanji = given.name_kanji,
        language = given.language, corporate = given.corporate
    FROM import_subscriber_change AS given
    WHERE
        known.id = ANY (ARRAY(SELECT subscriber_id FROM import_subscriber_change))
        AND known.id = given.subscriber_id AND given.first AND NOT given.seen
    RETURNING given.row_no
)
INSERT INTO import_changed (row_no) SELECT row_no FROM changed
