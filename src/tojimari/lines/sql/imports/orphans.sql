-- A row that was refused leaves nothing behind: not the subscriber either that it would have had.
WITH alone AS (
    DELETE FROM import_subscriber AS subscriber
    WHERE
        fresh
        AND NOT EXISTS (SELECT FROM import_line AS line WHERE line.subscriber_id = subscriber.subscriber_id)
    RETURNING subscriber_id
)
DELETE FROM lines_subscriber WHERE id IN (SELECT subscriber_id FROM alone)
