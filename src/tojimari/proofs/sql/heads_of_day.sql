-- The histories that moved since the day before, as they stood at the end of a day, with the digest of their
-- certificate where there was one. What the newest tree has already, up to the same entry, is not taken again: the
-- range overlaps it, for what was written late.
SELECT DISTINCT ON (e.case_id)
       e.case_id, e.carrier_id, e.number, e.hash, coalesce(sha256(convert_to(c.jws, 'UTF8')), ''::bytea)
FROM proofs_event AS e
LEFT JOIN proofs_certificate AS c ON c.case_id = e.case_id AND c.issued_at < %(end)s
WHERE e.id > %(after)s AND e.at < %(end)s
  AND NOT EXISTS (
      SELECT FROM proofs_leaf AS l WHERE l.case_id = e.case_id AND l.root_id = %(newest)s AND l.events >= e.number
  )
ORDER BY e.case_id, e.number DESC
