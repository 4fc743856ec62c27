-- The lines of the games of the batch; of a batch that is staged, those of compacted games.
TRUNCATE pg_temp.stored_lines;

INSERT INTO pg_temp.stored_lines
SELECT *
FROM curated.betting_lines_unified
WHERE game_id IN (
    SELECT game_id FROM promoted_game
    UNION
    SELECT game_id FROM live_game
    UNION
    SELECT judged.game_id FROM judged JOIN staging.compacted_games AS c ON c.game_id = judged.game_id
);

ANALYZE pg_temp.stored_lines
