-- Games that have news, which nobody else is doing or appending to. They leave the
-- queue in this transaction: a row that comes meanwhile waits for its end, and queues
-- the game again.
WITH oldest AS (
    SELECT game_id
    FROM staging.curation_queue
    WHERE parked_at IS NULL
    ORDER BY queued_at
    LIMIT (  -- at most this session's share, so that the others have something to do
        SELECT least({limit}, ceil(count(*) / {sessions}.0))
        FROM (
            SELECT 1 FROM staging.curation_queue
            WHERE parked_at IS NULL
            LIMIT {limit} * {sessions}
        ) AS queued
    )
    FOR UPDATE SKIP LOCKED
),
free AS (
    SELECT g.game_id, g.game_date, coalesce(g.actual_start_at, g.scheduled_start_at) AS start_at
    FROM curated.enhanced_games AS g
    WHERE g.game_id IN (SELECT game_id FROM oldest)
    ORDER BY g.game_id
    FOR NO KEY UPDATE OF g SKIP LOCKED
),
claimed AS (
    DELETE FROM staging.curation_queue AS q
    USING free
    WHERE q.game_id = free.game_id
    RETURNING q.game_id, q.has_moved, q.late_paths
)
-- Once a game has begun all of its lines are looked at: their closing ones are to be known.
INSERT INTO promoted_game (game_id, game_date, start_at, has_moved, late_paths)
SELECT free.game_id, free.game_date, free.start_at, claimed.has_moved,
    CASE WHEN NOT claimed.has_moved AND pg_temp.closes_at(free.start_at, free.game_date) > now()
        THEN claimed.late_paths END
FROM free
JOIN claimed USING (game_id)
