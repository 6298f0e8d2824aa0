-- Write the leaves of one block from one JSON text: COPY is refused on tables with row-level security.
INSERT INTO proofs_leaf (carrier_id, root_id, index, case_id, head, events, certificate, salt)
SELECT carrier_id, %(root)s, index, case_id, head, events, certificate, salt
FROM jsonb_to_recordset(%(leaves)s::jsonb)
     AS added (carrier_id bigint, index int, case_id bigint, head bytea, events int, certificate bytea, salt bytea)
