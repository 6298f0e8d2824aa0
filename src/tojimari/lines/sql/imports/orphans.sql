-- A row that was refused leaves nothing behind: not the subscriber either that it would have had.
WITH alone AS (
    DELETE FROM import_subscriber
    WHERE fresh AND subscriber_id NOT IN (SELECT subscriber_id FROM import_line)
    RETURNING subscriber_id
)
DELETE FROM lines_subscriber WHERE id = ANY (ARRAY(SELECT subscriber_id FROM alone))
