-- Count the visits of some days by shop: to come, came (with a time or without), not shown up; and of those who came for a
-- case that was to end on a day, how many came before it ended.
SELECT visit.shop_id,
       count(*) FILTER (WHERE visit.state = 'booked') AS booked,
       count(*) FILTER (WHERE visit.state IN ('came', 'served')) AS came,
       count(*) FILTER (WHERE visit.state = 'no_show') AS no_show,
       count(*) FILTER (WHERE visit.state IN ('came', 'served') AND it.ends_at > it.requested_at) AS with_a_day,
       count(*) FILTER (
           WHERE visit.state IN ('came', 'served') AND it.ends_at > it.requested_at AND visit.starts_at < it.ends_at
       ) AS in_time
FROM counter_visit AS visit
LEFT JOIN terminations_termination AS it ON it.id = visit.case_id
WHERE visit.carrier_id = %(carrier)s AND visit.starts_at >= %(since)s AND visit.starts_at < %(until)s
GROUP BY visit.shop_id
