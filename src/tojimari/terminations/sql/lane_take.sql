-- Count the steps that were taken from a locked lane. A worker that tries whether the element answers again keeps all
-- others away for as long as it may hold its step; should it die, another one tries then.
UPDATE terminations_lane
SET full_at = CASE WHEN %(refill)s::float8 IS NOT NULL THEN
        greatest(CASE WHEN full_at <= %(emptiest)s::timestamptz THEN full_at END, %(at)s)
            + make_interval(secs => %(taken)s / %(refill)s::float8) + interval '1 microsecond'
    END,
    rests_until = CASE WHEN rests_until IS NOT NULL AND %(longest)s::timestamptz IS NOT NULL THEN %(until)s::timestamptz END
WHERE name = %(lane)s
