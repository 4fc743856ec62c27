-- The splits of the games. A side is sharp whose share of the handle exceeds
-- its share of the bets by {sharp_points} points or more.
INSERT INTO curated.unified_betting_splits (
    game_id, game_date, sportsbook_id, source, market_type, line_value, collected_at,
    home_or_over_bets, away_or_under_bets, home_or_over_bets_percent, away_or_under_bets_percent,
    home_or_over_money_percent, away_or_under_money_percent, sharp_side, data_quality_score
)
SELECT s.game_id, g.game_date, s.sportsbook_id, s.source, s.market_type, s.line_value,
    s.collected_at, s.home_or_over_bets, s.away_or_under_bets, s.home_or_over_bets_percent,
    s.away_or_under_bets_percent, s.home_or_over_money_percent, s.away_or_under_money_percent,
    CASE
        WHEN s.home_or_over_money_percent - s.home_or_over_bets_percent >= {sharp_points}
        THEN CASE s.market_type WHEN 'total' THEN 'over' ELSE 'home' END
        WHEN s.away_or_under_money_percent - s.away_or_under_bets_percent >= {sharp_points}
        THEN CASE s.market_type WHEN 'total' THEN 'under' ELSE 'away' END
    END,
    s.data_quality_score
FROM staging.betting_splits AS s
JOIN promoted_game AS g USING (game_id)
WHERE s.sportsbook_id IS NOT NULL
ON CONFLICT (game_id, game_date, sportsbook_id, market_type, source, collected_at) DO NOTHING
