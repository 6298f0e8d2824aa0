-- Begin a chunk inside a longer transaction, where nothing is emptied by itself.
TRUNCATE
    import_row, import_subscriber, import_subscriber_change, import_line, import_line_change, import_refused,
    import_changed
