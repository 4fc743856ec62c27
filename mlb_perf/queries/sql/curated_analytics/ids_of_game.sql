SELECT source, external_game_id, match_method, confidence
FROM curated.game_id_mappings
WHERE game_id = CAST(:game_id AS bigint)
ORDER BY source, external_game_id
