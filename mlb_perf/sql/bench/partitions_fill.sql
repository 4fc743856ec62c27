-- One month of the table of partitions.sql: so many rows, evenly over its days.
INSERT INTO {schema}.odds (external_game_id, sportsbook_key, collected_at, payload)
SELECT
    'game ' || n / 8,
    'book ' || n % 8,
    '{month} 00:00+00'::timestamptz + n * interval '27 days' / {rows},
    jsonb_build_object('key', 'book ' || n % 8, 'price', 1 + n % 100 / 100.0, 'text', repeat(md5(n::text), 8))
FROM generate_series(0, {rows} - 1) AS n
