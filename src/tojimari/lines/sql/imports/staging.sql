-- Tables of one import, gone with its connection. All but the last are emptied at the end of a transaction, which is a
-- chunk. The columns of import_row stand in the order of rows.STAGED.
CREATE TEMPORARY TABLE import_row (
    row_no integer, first_of_customer boolean,
    customer text, name_latin text, name_kana text, name_kanji text, language text, corporate boolean,
    email text, sms text,
    kind text, msisdn text, imsi text, iccid text, eid text, order_number text, plan text,
    contract_on date, valid_until date, balance_yen integer, services text[],
    option_fee_yen integer, option_lives_on boolean,
    unpaid_month date, unpaid_yen integer, unpaid_due_on date, last_used_on date,
    usage_yen integer, used_month date, used_mb integer, deposit_yen integer, installation_left_yen integer,
    installation_month_yen integer, instalments_left_yen integer, paid_in_advance_yen integer,
    started_on date, documents_on date, corrected_documents_on date, bound_until date, ported_in boolean
) ON COMMIT DELETE ROWS;
-- The subscriber of each customer number in the chunk; `fresh` if the chunk has made it.
CREATE TEMPORARY TABLE import_subscriber (customer text, subscriber_id bigint, fresh boolean) ON COMMIT DELETE ROWS;
-- What the file says of subscribers that were there before and are described otherwise.
CREATE TEMPORARY TABLE import_subscriber_change (
    row_no integer, subscriber_id bigint, first boolean, seen boolean,
    name_latin text, name_kana text, name_kanji text, language text, corporate boolean
) ON COMMIT DELETE ROWS;
-- The line of each row; `made` if the chunk has made it, `open` if the file may still change it.
CREATE TEMPORARY TABLE import_line (
    row_no integer, line_id bigint, subscriber_id bigint, made boolean, open boolean
) ON COMMIT DELETE ROWS;
-- What the file says of lines that were there before and are described otherwise.
CREATE TEMPORARY TABLE import_line_change (
    row_no integer, line_id bigint, plan_id bigint, msisdn text, imsi text, eid text, order_number text,
    contract_on date, valid_until date, balance_yen integer, last_used_on date, ported_in boolean
) ON COMMIT DELETE ROWS;
-- Rows that the carrier's lines speak against.
CREATE TEMPORARY TABLE import_refused (row_no integer, column_name text, code text, fact text) ON COMMIT DELETE ROWS;
-- Rows that have changed something that was there before.
CREATE TEMPORARY TABLE import_changed (row_no integer) ON COMMIT DELETE ROWS;
-- Every line that this run has met, with the row that spoke of it: a later row may not speak of it again.
CREATE TEMPORARY TABLE import_seen (line_id bigint PRIMARY KEY, row_no integer);
