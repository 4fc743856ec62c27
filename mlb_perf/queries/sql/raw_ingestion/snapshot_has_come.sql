-- The whole natural key, which is the primary key.
SELECT EXISTS (
    SELECT 1 FROM raw_data.odds_api_odds
    WHERE external_game_id = CAST(:external_game_id AS text)
      AND sportsbook_key = CAST(:sportsbook_key AS text)
      AND collected_at = CAST(:collected_at AS timestamptz)
)
