-- A game is ready for training when it has a closing moneyline and a result, and
-- counts: spring training and exhibitions do not.
INSERT INTO turned_ready
SELECT g.game_id
FROM curated.enhanced_games AS g
JOIN promoted_game AS p USING (game_id)
WHERE g.is_ml_ready <> (
    EXISTS (
        SELECT 1 FROM line AS l
        WHERE l.game_id = g.game_id AND l.is_closing AND l.market_type = 'moneyline'
    ) AND g.home_score IS NOT NULL AND g.status = 'final'
      AND g.game_type IN ('regular', 'postseason')
  );

WITH game AS (SELECT game_id FROM turned_ready)
UPDATE curated.enhanced_games AS g
SET is_ml_ready = NOT g.is_ml_ready, updated_at = now()
FROM game
WHERE game.game_id = g.game_id
