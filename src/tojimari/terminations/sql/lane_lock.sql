-- Lock a lane with limits, so that its workers take from it one after the other: what is counted next is then the truth.
SELECT name FROM terminations_lane WHERE name = %(lane)s FOR UPDATE
