SELECT sportsbook_id, source, market_type, collected_at, home_or_over_bets_percent,
    home_or_over_money_percent, data_quality_score
FROM staging.betting_splits
WHERE game_id = CAST(:game_id AS bigint)
ORDER BY market_type, collected_at
