-- The runs of the pipeline, a day, table and stage each, with the rows that
-- really lie in raw_data and in the rejections.
WITH raw_row AS (
    SELECT 'mlb_stats_api_games' AS raw_table, collected_at, processed_at FROM raw_data.mlb_stats_api_games
    UNION ALL
    SELECT 'action_network_games', collected_at, processed_at FROM raw_data.action_network_games
    UNION ALL
    SELECT 'game_results', collected_at, processed_at FROM raw_data.game_results
    UNION ALL
    SELECT 'odds_api_odds', collected_at, processed_at FROM raw_data.odds_api_odds
    UNION ALL
    SELECT 'action_network_odds', collected_at, processed_at FROM raw_data.action_network_odds
    UNION ALL
    SELECT 'action_network_history', collected_at, processed_at FROM raw_data.action_network_history
    UNION ALL
    SELECT 'sbd_splits', collected_at, processed_at FROM raw_data.sbd_splits
    UNION ALL
    SELECT 'vsin_splits', collected_at, processed_at FROM raw_data.vsin_splits
    UNION ALL
    SELECT 'line_history', collected_at, processed_at FROM raw_data.line_history
),
loaded AS (
    SELECT raw_table, date_trunc('day', collected_at, 'UTC') AS day, count(*) AS rows,
        count(processed_at) AS promoted, max(collected_at) AS newest
    FROM raw_row
    GROUP BY raw_table, date_trunc('day', collected_at, 'UTC')
),
rejected AS (
    SELECT raw_table, date_trunc('day', collected_at, 'UTC') AS day,
        count(*) FILTER (WHERE reason_code = 'malformed_record') AS malformed,
        count(DISTINCT (external_game_id, sportsbook_key, collected_at))
            FILTER (WHERE reason_code <> 'malformed_record') AS rows
    FROM staging.rejected_records
    GROUP BY raw_table, date_trunc('day', collected_at, 'UTC')
),
handled AS (
    SELECT raw_table, newest, loaded.rows, promoted, coalesce(malformed, 0) AS malformed,
        coalesce(rejected.rows, 0) AS rejected
    FROM loaded
    LEFT JOIN rejected USING (raw_table, day)
),
run AS (
    SELECT 'load' AS stage, raw_table, newest, rows + malformed AS rows_read, rows AS rows_written,
        malformed AS rows_rejected
    FROM handled
    UNION ALL
    SELECT 'promote', raw_table, newest + interval '60 seconds', promoted, promoted - rejected,
        rejected
    FROM handled
    WHERE promoted > 0
)
INSERT INTO operational.pipeline_execution_log (
    execution_id, stage, source, status, started_at, finished_at, rows_read, rows_written,
    rows_rejected, details
)
SELECT 1 + row_number() OVER (ORDER BY newest, stage, raw_table), stage,
    CASE raw_table
        WHEN 'mlb_stats_api_games' THEN 'mlb_stats_api' WHEN 'odds_api_odds' THEN 'odds_api'
        WHEN 'sbd_splits' THEN 'sbd' WHEN 'vsin_splits' THEN 'vsin'
        WHEN 'game_results' THEN 'game_results' WHEN 'line_history' THEN 'archive'
        ELSE 'action_network'
    END,
    'succeeded', newest, newest + (5 + rows_read / 200) * interval '1 second', rows_read,
    rows_written, rows_rejected, jsonb_build_object('table', 'raw_data.' || raw_table)
FROM run
