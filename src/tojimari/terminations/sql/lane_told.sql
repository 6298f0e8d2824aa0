-- Note whether the element of a lane has answered a batch. After so many in a row without an answer it rests.
UPDATE terminations_lane
SET failures = CASE WHEN %(code)s = '' THEN 0 ELSE failures + 1 END,
    code = %(code)s,
    rests_until = CASE WHEN %(code)s <> '' AND failures + 1 >= %(most)s THEN %(until)s::timestamptz END
WHERE name = %(lane)s AND (%(code)s <> '' OR failures > 0 OR rests_until IS NOT NULL)
