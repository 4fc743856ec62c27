-- Marked first: the statements that follow read what is marked, so a row that
-- another session adds meanwhile is neither read nor marked, and comes next.
UPDATE staging.betting_odds_unified AS q
SET processed_at = now(), updated_at = now()
FROM promoted_game AS g
WHERE q.game_id = g.game_id AND q.processed_at IS NULL;

UPDATE staging.betting_splits AS s
SET processed_at = now(), updated_at = now()
FROM promoted_game AS g
WHERE s.game_id = g.game_id AND s.processed_at IS NULL;
