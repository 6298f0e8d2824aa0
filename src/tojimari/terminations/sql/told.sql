-- What the subscribers were told of cases so far, how, and how far it came; one JSON text per case, oldest first.
SELECT case_id, json_agg(json_build_object('about', key, 'by', kind, 'state', state, 'delivery', delivery, 'at', created_at) ORDER BY id)::text
FROM tojimari_messages_message
WHERE case_id = ANY(%(cases)s) AND key <> ''
GROUP BY case_id
