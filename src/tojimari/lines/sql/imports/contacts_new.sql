-- Where the subscribers that the chunk has made are reached. Nobody else knows them yet, so nothing can be in the way.
INSERT INTO lines_contactpoint (carrier_id, subscriber_id, kind, value)
SELECT DISTINCT %(carrier)s, subscriber.subscriber_id, contact.kind, contact.value
FROM
    import_line AS line
    JOIN import_row AS given USING (row_no)
    JOIN import_subscriber AS subscriber USING (customer)
    CROSS JOIN LATERAL (VALUES ('email', given.email), ('sms', given.sms)) AS contact (kind, value)
WHERE subscriber.fresh AND contact.value IS NOT NULL
