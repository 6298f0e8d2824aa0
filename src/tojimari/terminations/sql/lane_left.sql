-- Which lanes that are not known have steps that are open, and how many? The index of due steps is jumped along from lane
-- to lane, so that what it costs does not grow with the steps of the known ones.
WITH RECURSIVE lanes AS (
    (SELECT lane FROM terminations_step WHERE actor = 'system' AND state = 'open' ORDER BY lane LIMIT 1)
    UNION ALL
    SELECT (
        SELECT lane FROM terminations_step
        WHERE actor = 'system' AND state = 'open' AND lane > lanes.lane ORDER BY lane LIMIT 1
    ) FROM lanes WHERE lanes.lane IS NOT NULL
)
SELECT lanes.lane, (
    SELECT count(*) FROM terminations_step WHERE actor = 'system' AND state = 'open' AND lane = lanes.lane
)
FROM lanes
WHERE lanes.lane <> '' AND lanes.lane <> ALL(%(known)s)
