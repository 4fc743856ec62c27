-- Of the quotes and splits of the batch those with these records.
WITH others AS (
    DELETE FROM split WHERE record::text <> ALL (CAST(:records AS text[]))
)
DELETE FROM quote WHERE pg_temp.record_of(quote)::text <> ALL (CAST(:records AS text[]))
