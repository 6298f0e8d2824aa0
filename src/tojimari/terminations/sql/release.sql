-- Put steps whose worker is gone (lease run out) back to open, so that the next claim takes them.
UPDATE terminations_step
SET state = 'open', lease_owner = '', lease_until = NULL
WHERE state = 'claimed' AND lease_until < %(at)s
