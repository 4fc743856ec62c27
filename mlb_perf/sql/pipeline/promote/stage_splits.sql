-- The possible splits, with their quality, into staging.
--
-- Quality: 1, less 0.3 where one of the two pairs of percentages is missing, 0.4
-- where a pair adds up to something outside of 98 to 102, and 0.4 for fractions
-- read as percentages.
WITH scored AS (
    SELECT judged_split.*,
        greatest(0, 1
          - CASE WHEN home_bets_percent IS NULL OR away_bets_percent IS NULL
                   OR home_money_percent IS NULL OR away_money_percent IS NULL
                THEN 0.3 ELSE 0 END
          - CASE WHEN home_bets_percent + away_bets_percent NOT BETWEEN 98 AND 102
                   OR home_money_percent + away_money_percent NOT BETWEEN 98 AND 102
                THEN 0.4 ELSE 0 END
          - CASE WHEN are_fractions THEN 0.4 ELSE 0 END) AS score
    FROM judged_split
    WHERE reason_code IS NULL
)
INSERT INTO staging.betting_splits (
    external_game_id, source, sportsbook_key, sportsbook_id, market_type, line_value, game_id,
    game_date, collected_at, home_or_over_bets, away_or_under_bets, home_or_over_bets_percent,
    away_or_under_bets_percent, home_or_over_money_percent, away_or_under_money_percent,
    data_quality_score, validation_status
)
SELECT external_game_id, source, sportsbook_key, sportsbook_id, market_type,
    line_value, game_id, game_date, split_at, home_bets, away_bets, home_bets_percent,
    away_bets_percent, home_money_percent, away_money_percent, score,
    CASE WHEN score >= 0.7 THEN 'valid' ELSE 'suspect' END
FROM scored
ON CONFLICT (external_game_id, source, sportsbook_key, market_type, collected_at) DO NOTHING
