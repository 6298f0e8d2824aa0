-- Remember which lines this run has met.
INSERT INTO import_seen (line_id, row_no) SELECT line_id, row_no FROM import_line
