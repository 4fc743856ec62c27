-- The newest rows of the feed that brings most of them, payloads as text.
SELECT external_game_id AS game, sportsbook_key AS book, collected_at, payload::text AS payload, origin
FROM raw_data.odds_api_odds
ORDER BY collected_at DESC, external_game_id, sportsbook_key
LIMIT :count
