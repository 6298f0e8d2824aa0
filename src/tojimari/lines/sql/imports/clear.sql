-- Begin a chunk inside a longer transaction, where nothing is emptied by itself.
TRUNCATE import_row, import_subscriber, import_line, import_refused, import_changed
