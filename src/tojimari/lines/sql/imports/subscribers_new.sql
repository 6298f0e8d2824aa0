-- Subscribers that are not there yet. The first row of a customer in the chunk describes them.
WITH made AS (
    INSERT INTO lines_subscriber (
        carrier_id, number, name_latin, name_kana, name_kanji, language, corporate
    )
    SELECT
        %(carrier)s, customer, coalesce(name_latin, ''), coalesce(name_kana, ''), coalesce(name_kanji, ''),
        coalesce(language, 'ja'), coalesce(corporate, false)
    FROM import_row
    WHERE first_of_customer
    ORDER BY customer
    ON CONFLICT (carrier_id, number) DO NOTHING
    RETURNING id, number
)
INSERT INTO import_subscriber (customer, subscriber_id, fresh)
SELECT number, id, true FROM made
