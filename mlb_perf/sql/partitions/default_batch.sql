-- The first row of the DEFAULT partition, and the first row after a batch; rows of one moment stay
-- together. A date is its midnight UTC; an infinite one has no month, and stays.
WITH batch AS (
    SELECT d.{key} AS moment FROM {partition} AS d WHERE isfinite(d.{key}) ORDER BY d.{key} LIMIT :rows
)
SELECT
    (SELECT min(b.moment){cast} FROM batch AS b) AS first,
    (
        SELECT min(d.{key}){cast} FROM {partition} AS d
        WHERE isfinite(d.{key}) AND d.{key} > (SELECT max(b.moment) FROM batch AS b)
    ) AS next,
    (
        SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute AS a
        WHERE a.attrelid = to_regclass(:table) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    ) AS columns
