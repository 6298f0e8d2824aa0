-- Everything a handler may want to know of the cases it works on, one row per case.
SELECT t.id, t.reference, t.kind, t.scope, t.channel, t.requested_by, t.requested_at, t.ends_at, t.effective, t.reason,
       t.quote, t.language, t.carrier_id, t.beside,
       s.sha256 AS shown_sha256, s.language AS shown_language, s.template AS shown_template, s.version AS shown_version,
       c.slug, c.name_ja, c.name_en, c.name_zh_hans, c.name_zh_hant, c.legal_name, c.registration,
       c.rest_days, l.ported_in,
       l.id AS line_id, l.kind AS line_kind, l.msisdn, l.imsi, l.iccid, l.eid,
       (SELECT p.value FROM lines_contactpoint AS p
        WHERE p.subscriber_id = t.subscriber_id AND p.kind = 'email'
        ORDER BY p.verified_at DESC NULLS LAST, p.id LIMIT 1) AS email,
       (SELECT jsonb_object_agg(m.month, m.amount_yen) FROM money_payment AS m WHERE m.case_id = t.id) AS paid
FROM terminations_termination AS t
JOIN lines_carrier AS c ON c.id = t.carrier_id
JOIN lines_line AS l ON l.id = t.line_id
LEFT JOIN terminations_shownscreen AS s ON s.case_id = t.id
WHERE t.id = ANY(%(cases)s)
