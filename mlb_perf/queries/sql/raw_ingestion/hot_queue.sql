-- No bound on collected_at, so each month's partition is looked at: a row that
-- nobody promoted is to be found however old it is. The partial indexes hold hot
-- rows alone, and are nearly empty in old months.
SELECT external_game_id, sportsbook_key, collected_at
FROM raw_data.odds_api_odds
WHERE processed_at IS NULL
ORDER BY collected_at
LIMIT 100
