-- Add what was counted since the last time to the firm rows of the tally. One statement: whoever reads meanwhile sees
-- the sums from before or after, which are the same.
WITH loose_ones AS (
    DELETE FROM terminations_tally WHERE loose RETURNING carrier_id, day, kind, fact, detail, times
)
INSERT INTO terminations_tally (carrier_id, day, kind, fact, detail, times, loose)
SELECT carrier_id, day, kind, fact, detail, sum(times), false
FROM loose_ones
GROUP BY carrier_id, day, kind, fact, detail
ORDER BY carrier_id, day, kind, fact, detail
ON CONFLICT (carrier_id, day, kind, fact, detail) WHERE NOT loose
DO UPDATE SET times = terminations_tally.times + excluded.times
