-- Games that have news, which nobody else is doing. They leave the queue in
-- this transaction: a row that comes meanwhile waits for its end, and queues
-- the game again.
WITH claimed AS (
    DELETE FROM staging.curation_queue AS q
    USING (
        SELECT game_id FROM staging.curation_queue
        WHERE parked_at IS NULL
        ORDER BY queued_at
        LIMIT {limit}
        FOR UPDATE SKIP LOCKED
    ) AS oldest
    WHERE q.game_id = oldest.game_id
    RETURNING q.game_id, q.has_moved
)
INSERT INTO promoted_game (game_id, game_date, start_at, has_moved)
SELECT g.game_id, g.game_date, coalesce(g.actual_start_at, g.scheduled_start_at),
    claimed.has_moved
FROM curated.enhanced_games AS g
JOIN claimed USING (game_id)
