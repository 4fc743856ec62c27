-- What was staged of the games is of the other side.
WITH game AS (SELECT game_id FROM turned)
UPDATE curated.enhanced_games AS g
SET home_team_id = g.away_team_id, away_team_id = g.home_team_id, updated_at = now()
FROM game
WHERE g.game_id = game.game_id;

-- The side is a part of the key: two quotes that change places would meet.
CREATE TEMPORARY TABLE turned_quote ON COMMIT DROP AS
SELECT q.*
FROM {staged_quotes} AS q
JOIN turned USING (game_id)
WHERE q.side IN ('home', 'away');

DELETE FROM staging.betting_odds_unified AS q
USING turned
WHERE q.game_id = turned.game_id AND q.side IN ('home', 'away');

UPDATE turned_quote SET side = CASE side WHEN 'home' THEN 'away' ELSE 'home' END;

INSERT INTO staging.betting_odds_unified SELECT * FROM turned_quote
RETURNING 1;  -- without it Citus copies the rows, and an error has no SQLSTATE

DROP TABLE turned_quote;

UPDATE staging.betting_splits AS s
SET home_or_over_bets = s.away_or_under_bets, away_or_under_bets = s.home_or_over_bets,
    home_or_over_bets_percent = s.away_or_under_bets_percent,
    away_or_under_bets_percent = s.home_or_over_bets_percent,
    home_or_over_money_percent = s.away_or_under_money_percent,
    away_or_under_money_percent = s.home_or_over_money_percent,
    line_value = -s.line_value
FROM turned
WHERE s.game_id = turned.game_id AND s.market_type <> 'total';

INSERT INTO staging.curation_queue (game_id)
SELECT game_id FROM turned
ORDER BY 1
ON CONFLICT (game_id) DO UPDATE SET parked_at = NULL, reason = NULL, late_paths = NULL;

DELETE FROM turned
