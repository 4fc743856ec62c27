-- A game is ready for training when it has a closing moneyline and a result, and
-- counts: spring training and exhibitions do not.
UPDATE curated.enhanced_games AS g
SET is_ml_ready = NOT g.is_ml_ready, updated_at = now()
FROM promoted_game AS p
WHERE p.game_id = g.game_id
  AND g.is_ml_ready <> (
    EXISTS (
        SELECT FROM line AS l
        WHERE l.game_id = g.game_id AND l.is_closing AND l.market_type = 'moneyline'
    ) AND g.home_score IS NOT NULL AND g.status = 'final'
      AND g.game_type IN ('regular', 'postseason')
  )
