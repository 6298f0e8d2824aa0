-- What people have besides what is to end, as it is now: up to %(most)s other lines of theirs, the line itself where it
-- stays, and the services that go on. One row for each case that has anything. No order among the other lines: finding
-- the first of a company's hundred thousand would cost more than the whole case.
WITH ending AS (
    SELECT * FROM unnest(%(lines)s::bigint[], %(scopes)s::text[], %(subscribers)s::bigint[])
             AS t (line_id, scope, subscriber_id)
), staying AS (
    SELECT e.line_id AS of_line, e.scope, o.id, o.state
    FROM ending AS e
    CROSS JOIN LATERAL (
        SELECT id, state FROM lines_line WHERE subscriber_id = e.subscriber_id AND id <> e.line_id LIMIT %(most)s
    ) AS o
    UNION ALL
    SELECT e.line_id, e.scope, l.id, l.state FROM ending AS e JOIN lines_line AS l ON l.id = e.line_id
    WHERE e.scope <> 'line'
), running AS (
    SELECT s.of_line, s.scope, v.line_id || '/' || v.kind AS name, v.state
    FROM staying AS s JOIN lines_service AS v ON v.line_id = s.id
    WHERE NOT (s.id = s.of_line AND v.kind = s.scope)
    UNION ALL
    SELECT e.line_id, e.scope, v.line_id || '/' || v.kind, v.state
    FROM ending AS e JOIN lines_service AS v ON v.line_id = e.line_id AND v.lives_on
    WHERE e.scope = 'line'
)
SELECT e.line_id, e.scope,
       (SELECT jsonb_object_agg(id, state) FROM staying AS s WHERE (s.of_line, s.scope) = (e.line_id, e.scope))::text,
       (SELECT jsonb_object_agg(name, state) FROM running AS r WHERE (r.of_line, r.scope) = (e.line_id, e.scope))::text
FROM ending AS e
WHERE EXISTS (SELECT FROM staying AS s WHERE (s.of_line, s.scope) = (e.line_id, e.scope))
   OR EXISTS (SELECT FROM running AS r WHERE (r.of_line, r.scope) = (e.line_id, e.scope))
