-- What the planner knows of the tables that an import fills. A tenth of a second each, whatever their size.
ANALYZE lines_subscriber, lines_contactpoint, lines_line, lines_service, lines_bill
