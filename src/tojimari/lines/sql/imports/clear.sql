-- Begin a chunk.
TRUNCATE import_row, import_subscriber, import_line, import_refused, import_changed
