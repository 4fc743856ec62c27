-- Undo of pipeline.sql.
REVOKE SELECT ON operational.pipeline_execution_log FROM pg_monitor;
REVOKE SELECT (source, raw_table, reason_code, rejected_at, resolved_at) ON staging.rejected_records FROM pg_monitor;
REVOKE SELECT (collected_at, ingested_at, processed_at) ON
    raw_data.action_network_games,
    raw_data.action_network_history,
    raw_data.action_network_odds,
    raw_data.game_results,
    raw_data.line_history,
    raw_data.mlb_stats_api_games,
    raw_data.odds_api_odds,
    raw_data.sbd_splits,
    raw_data.vsin_splits
FROM pg_monitor;
