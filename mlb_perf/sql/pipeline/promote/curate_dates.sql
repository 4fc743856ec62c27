-- Games that moved to another official date: what is known of them moves along,
-- so that the facts of a game lie together by its date.
UPDATE staging.betting_odds_unified AS f SET game_date = g.game_date
FROM promoted_game AS g WHERE f.game_id = g.game_id AND f.game_date <> g.game_date;

UPDATE staging.betting_splits AS f SET game_date = g.game_date
FROM promoted_game AS g WHERE f.game_id = g.game_id AND f.game_date <> g.game_date;

UPDATE curated.betting_lines_unified AS f SET game_date = g.game_date
FROM promoted_game AS g WHERE f.game_id = g.game_id AND f.game_date <> g.game_date;

UPDATE curated.unified_betting_splits AS f SET game_date = g.game_date
FROM promoted_game AS g WHERE f.game_id = g.game_id AND f.game_date <> g.game_date;

UPDATE curated.line_movements AS f SET game_date = g.game_date
FROM promoted_game AS g WHERE f.game_id = g.game_id AND f.game_date <> g.game_date;

UPDATE curated.arbitrage_opportunities AS f SET game_date = g.game_date
FROM promoted_game AS g WHERE f.game_id = g.game_id AND f.game_date <> g.game_date;

UPDATE curated.ml_features AS f SET game_date = g.game_date
FROM promoted_game AS g WHERE f.game_id = g.game_id AND f.game_date <> g.game_date;

UPDATE curated.ml_market_analysis AS f SET game_date = g.game_date
FROM promoted_game AS g WHERE f.game_id = g.game_id AND f.game_date <> g.game_date;

UPDATE analytics.ml_predictions AS f SET game_date = g.game_date
FROM promoted_game AS g WHERE f.game_id = g.game_id AND f.game_date <> g.game_date;

UPDATE analytics.strategy_signals AS f SET game_date = g.game_date
FROM promoted_game AS g WHERE f.game_id = g.game_id AND f.game_date <> g.game_date;

UPDATE analytics.betting_recommendations AS f SET game_date = g.game_date
FROM promoted_game AS g WHERE f.game_id = g.game_id AND f.game_date <> g.game_date;

UPDATE analytics.backtest_bets AS f SET game_date = g.game_date
FROM promoted_game AS g WHERE f.game_id = g.game_id AND f.game_date <> g.game_date;
