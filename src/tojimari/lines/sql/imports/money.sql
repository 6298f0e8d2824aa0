-- What the books say of a line's money besides its bills. Only rows that say anything; an empty cell erases nothing.
WITH changed AS (
    INSERT INTO lines_linemoney AS known (
        carrier_id, line_id,
        usage_yen, used_month, used_mb, deposit_yen, installation_left_yen, installation_month_yen,
        instalments_left_yen, paid_in_advance_yen, started_on, documents_on, corrected_documents_on, bound_until
    )
    SELECT
        %(carrier)s, line.line_id,
        given.usage_yen, given.used_month, given.used_mb, given.deposit_yen, given.installation_left_yen,
        given.installation_month_yen, given.instalments_left_yen, given.paid_in_advance_yen, given.started_on,
        given.documents_on, given.corrected_documents_on, given.bound_until
    FROM import_line AS line JOIN import_row AS given USING (row_no)
    WHERE
        line.open
        AND num_nonnulls(
            given.usage_yen, given.used_month, given.used_mb, given.deposit_yen, given.installation_left_yen,
            given.installation_month_yen, given.instalments_left_yen, given.paid_in_advance_yen, given.started_on,
            given.documents_on, given.corrected_documents_on, given.bound_until
        ) > 0
    ORDER BY line.line_id
    ON CONFLICT (line_id) DO UPDATE
    SET
        usage_yen = coalesce(excluded.usage_yen, known.usage_yen),
        used_month = coalesce(excluded.used_month, known.used_month),
        used_mb = coalesce(excluded.used_mb, known.used_mb),
        deposit_yen = coalesce(excluded.deposit_yen, known.deposit_yen),
        installation_left_yen = coalesce(excluded.installation_left_yen, known.installation_left_yen),
        installation_month_yen = coalesce(excluded.installation_month_yen, known.installation_month_yen),
        instalments_left_yen = coalesce(excluded.instalments_left_yen, known.instalments_left_yen),
        paid_in_advance_yen = coalesce(excluded.paid_in_advance_yen, known.paid_in_advance_yen),
        started_on = coalesce(excluded.started_on, known.started_on),
        documents_on = coalesce(excluded.documents_on, known.documents_on),
        corrected_documents_on = coalesce(excluded.corrected_documents_on, known.corrected_documents_on),
        bound_until = coalesce(excluded.bound_until, known.bound_until)
    WHERE
        coalesce(excluded.usage_yen, known.usage_yen) IS DISTINCT FROM known.usage_yen
        OR coalesce(excluded.used_month, known.used_month) IS DISTINCT FROM known.used_month
        OR coalesce(excluded.used_mb, known.used_mb) IS DISTINCT FROM known.used_mb
        OR coalesce(excluded.deposit_yen, known.deposit_yen) IS DISTINCT FROM known.deposit_yen
        OR coalesce(excluded.installation_left_yen, known.installation_left_yen) IS DISTINCT FROM known.installation_left_yen
        OR coalesce(excluded.installation_month_yen, known.installation_month_yen) IS DISTINCT FROM known.installation_month_yen
        OR coalesce(excluded.instalments_left_yen, known.instalments_left_yen) IS DISTINCT FROM known.instalments_left_yen
        OR coalesce(excluded.paid_in_advance_yen, known.paid_in_advance_yen) IS DISTINCT FROM known.paid_in_advance_yen
        OR coalesce(excluded.started_on, known.started_on) IS DISTINCT FROM known.started_on
        OR coalesce(excluded.documents_on, known.documents_on) IS DISTINCT FROM known.documents_on
        OR coalesce(excluded.corrected_documents_on, known.corrected_documents_on) IS DISTINCT FROM known.corrected_documents_on
        OR coalesce(excluded.bound_until, known.bound_until) IS DISTINCT FROM known.bound_until
    RETURNING line_id
)
INSERT INTO import_changed (row_no)
SELECT line.row_no FROM changed JOIN import_line AS line USING (line_id) WHERE NOT line.made
