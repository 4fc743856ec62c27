-- The splits of the games. A side is sharp whose share of the handle exceeds
-- its share of the bets by {sharp_points} points or more. Of two names of one game,
-- or of one book, that spoke at the same moment, the first stands.
INSERT INTO curated.unified_betting_splits AS old (
    game_id, game_date, sportsbook_id, source, market_type, line_value, collected_at,
    home_or_over_bets, away_or_under_bets, home_or_over_bets_percent, away_or_under_bets_percent,
    home_or_over_money_percent, away_or_under_money_percent, sharp_side, data_quality_score, updated_at
)
SELECT DISTINCT ON (s.game_id, s.sportsbook_id, s.market_type, s.source, s.collected_at)
    s.game_id, g.game_date, s.sportsbook_id, s.source, s.market_type, s.line_value,
    s.collected_at, s.home_or_over_bets, s.away_or_under_bets, s.home_or_over_bets_percent,
    s.away_or_under_bets_percent, s.home_or_over_money_percent, s.away_or_under_money_percent,
    pg_temp.sharp_side(
        s.market_type, s.home_or_over_money_percent, s.home_or_over_bets_percent,
        s.away_or_under_money_percent, s.away_or_under_bets_percent, {sharp_points}
    ),
    s.data_quality_score, now()
FROM {staged_splits} AS s
JOIN promoted_game AS g USING (game_id)
WHERE s.sportsbook_id IS NOT NULL
ORDER BY s.game_id, s.sportsbook_id, s.market_type, s.source, s.collected_at, s.external_game_id,
    s.sportsbook_key
ON CONFLICT (game_id, game_date, sportsbook_id, market_type, source, collected_at) DO UPDATE SET
    line_value = excluded.line_value, home_or_over_bets = excluded.home_or_over_bets,
    away_or_under_bets = excluded.away_or_under_bets,
    home_or_over_bets_percent = excluded.home_or_over_bets_percent,
    away_or_under_bets_percent = excluded.away_or_under_bets_percent,
    home_or_over_money_percent = excluded.home_or_over_money_percent,
    away_or_under_money_percent = excluded.away_or_under_money_percent,
    sharp_side = excluded.sharp_side, data_quality_score = excluded.data_quality_score,
    updated_at = excluded.updated_at
WHERE (old.line_value, old.home_or_over_bets, old.away_or_under_bets,
       old.home_or_over_bets_percent, old.away_or_under_bets_percent,
       old.home_or_over_money_percent, old.away_or_under_money_percent, old.sharp_side,
       old.data_quality_score)
    IS DISTINCT FROM
      (excluded.line_value, excluded.home_or_over_bets, excluded.away_or_under_bets,
       excluded.home_or_over_bets_percent, excluded.away_or_under_bets_percent,
       excluded.home_or_over_money_percent, excluded.away_or_under_money_percent,
       excluded.sharp_side, excluded.data_quality_score)
