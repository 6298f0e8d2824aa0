-- End an import. The connection may live on.
DROP TABLE IF EXISTS
    pg_temp.import_row, pg_temp.import_subscriber, pg_temp.import_subscriber_change, pg_temp.import_line,
    pg_temp.import_line_change, pg_temp.import_refused, pg_temp.import_changed, pg_temp.import_seen
