-- Descriptions that the server refuses: the id is kept as one of no game, with the server's reason,
-- so that its rows are rejected and no other waits for them.
INSERT INTO staging.games (
    external_game_id, source, collected_at, home_team_name, away_team_name, validation_status,
    validation_errors
)
SELECT r.external_game_id, left({source}, 32), min(r.collected_at), '', '', 'invalid',
    jsonb_build_array(min({id_source}), 'refused_by_server', NULL, {reason})
FROM raw_data.{table} AS r
WHERE r.processed_at IS NULL AND hashtext(r.external_game_id) BETWEEN {first} AND {last}
GROUP BY r.external_game_id, left({source}, 32)
ON CONFLICT (external_game_id, source, collected_at) DO NOTHING
