-- Suspect rows have an index of their own, in the order of the answer.
SELECT external_game_id, source, sportsbook_key, market_type, side, line_value, price,
    data_quality_score, collected_at
FROM staging.betting_odds_unified
WHERE validation_status = 'suspect'
  AND collected_at >= CAST(:since AS timestamptz)
  AND collected_at < CAST(:until AS timestamptz)
ORDER BY collected_at DESC
LIMIT 200
