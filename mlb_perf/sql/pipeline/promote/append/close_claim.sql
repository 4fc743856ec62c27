-- Games that can be closed and that nobody else is writing. One in the queue is closed
-- by whoever makes its whole path again.
WITH due AS (
    SELECT game_id
    FROM staging.closing_queue AS c
    WHERE due_at <= now()
      AND NOT EXISTS (SELECT 1 FROM staging.curation_queue AS q WHERE q.game_id = c.game_id)
    ORDER BY game_id
    LIMIT {limit}
    FOR UPDATE SKIP LOCKED
),
free AS (
    SELECT g.game_id, g.game_date, coalesce(g.actual_start_at, g.scheduled_start_at) AS start_at
    FROM curated.enhanced_games AS g
    WHERE g.game_id IN (SELECT game_id FROM due)
    ORDER BY g.game_id
    FOR NO KEY UPDATE OF g SKIP LOCKED
),
gone AS (
    DELETE FROM staging.closing_queue AS c USING free WHERE c.game_id = free.game_id
)
INSERT INTO promoted_game (game_id, game_date, start_at, has_moved)
SELECT game_id, game_date, start_at, false FROM free
