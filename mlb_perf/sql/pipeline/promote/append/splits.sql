-- The new splits of the games. A game with two at one key leaves, and its whole path
-- is made again: which of them stands is decided over all of staging.
DELETE FROM live_game AS g
USING staged_split AS s
WHERE s.game_id = g.game_id
  AND EXISTS (
    SELECT 1 FROM {stored_splits} AS old
    WHERE old.game_id = g.game_id AND old.game_date = g.game_date
      AND old.sportsbook_id = s.sportsbook_id AND old.market_type = s.market_type
      AND old.source = s.source AND old.collected_at = s.collected_at
  );

INSERT INTO curated.unified_betting_splits (
    game_id, game_date, sportsbook_id, source, market_type, line_value, collected_at,
    home_or_over_bets, away_or_under_bets, home_or_over_bets_percent, away_or_under_bets_percent,
    home_or_over_money_percent, away_or_under_money_percent, sharp_side, data_quality_score
)
SELECT DISTINCT ON (s.game_id, s.sportsbook_id, s.market_type, s.source, s.collected_at)
    s.game_id, g.game_date, s.sportsbook_id, s.source, s.market_type, s.line_value, s.collected_at,
    s.home_or_over_bets, s.away_or_under_bets, s.home_or_over_bets_percent,
    s.away_or_under_bets_percent, s.home_or_over_money_percent, s.away_or_under_money_percent,
    pg_temp.sharp_side(
        s.market_type, s.home_or_over_money_percent, s.home_or_over_bets_percent,
        s.away_or_under_money_percent, s.away_or_under_bets_percent, {sharp_points}
    ),
    s.data_quality_score
FROM staged_split AS s
JOIN live_game AS g USING (game_id)
ORDER BY s.game_id, s.sportsbook_id, s.market_type, s.source, s.collected_at, s.external_game_id,
    s.sportsbook_key
RETURNING 1  -- without it Citus copies the rows, and an error has no SQLSTATE
