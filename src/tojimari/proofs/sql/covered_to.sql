-- Up to which event a tree of this day leaves nothing to a later one.
SELECT coalesce(min(id) FILTER (WHERE at >= %(end)s) - 1, max(id), %(after)s) FROM proofs_event WHERE id > %(after)s
