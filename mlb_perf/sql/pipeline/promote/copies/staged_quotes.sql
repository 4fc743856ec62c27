-- The staged quotes of the games of the batch, and those under whose keys the batch has others.
TRUNCATE pg_temp.staged_quotes;

INSERT INTO pg_temp.staged_quotes
SELECT *
FROM staging.betting_odds_unified
WHERE game_id IN (SELECT game_id FROM promoted_game UNION SELECT game_id FROM turned)
   OR external_game_id IN (SELECT external_game_id FROM judged WHERE reason_code IS NULL);

ANALYZE pg_temp.staged_quotes
