-- What became of the chunk: made, changed, already there, ended.
SELECT
    count(*) FILTER (WHERE made),
    count(*) FILTER (WHERE NOT made AND row_no IN (SELECT row_no FROM import_changed)),
    count(*) FILTER (WHERE NOT made AND row_no NOT IN (SELECT row_no FROM import_changed)),
    count(*) FILTER (WHERE NOT made AND NOT open)
FROM import_line
