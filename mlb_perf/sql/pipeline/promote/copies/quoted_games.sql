-- Which of the games that were described have quotes.
TRUNCATE pg_temp.quoted_games;

INSERT INTO pg_temp.quoted_games
SELECT DISTINCT game_id
FROM staging.betting_odds_unified
WHERE game_id IN (
    SELECT game_id FROM description
    UNION
    SELECT game_id FROM rematched
    UNION
    SELECT game_id_before FROM rematched
)
