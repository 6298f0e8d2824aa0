-- How many steps may a worker take from a lane that it has locked? Tokens fill a bucket that is kept as the moment at which
-- it is full. What is not limited is NULL, and least() passes it over. An element that has rested long enough is tried
-- with one step. What is further ahead than it can be was written by a clock that was wrong, and is passed over; so is the
-- rest of an element that shall rest no more.
SELECT CASE
    WHEN rest.until > %(at)s OR held.batches >= %(concurrency)s::int THEN 0
    ELSE greatest(0, least(
        %(size)s::int,
        floor(
            %(burst)s::float8 + 1e-9
            - extract(epoch FROM greatest(rest.full_at - %(at)s::timestamptz, interval '0')) * %(refill)s::float8
        )::int,
        CASE WHEN rest.trying THEN 1 END
    ))
END, rest.trying
FROM terminations_lane AS lane
CROSS JOIN LATERAL (
    SELECT CASE WHEN lane.rests_until <= %(longest)s::timestamptz THEN lane.rests_until END AS until,
        CASE WHEN lane.full_at <= %(emptiest)s::timestamptz THEN lane.full_at END AS full_at,
        lane.rests_until IS NOT NULL AND %(longest)s::timestamptz IS NOT NULL AS trying
) AS rest
CROSS JOIN LATERAL (
    SELECT count(DISTINCT lease_owner) AS batches
    FROM terminations_step
    WHERE %(concurrency)s::int IS NOT NULL AND state = 'claimed' AND lease_until >= %(at)s
        AND terminations_step.lane = lane.name
) AS held
WHERE lane.name = %(lane)s
