-- Games that have news, which nobody else is doing or appending to: as in the other curate_claim.sql,
-- but for the lock of a game, which here is one of the node where promotion runs.
DELETE FROM candidate_game;
DELETE FROM dequeued;

INSERT INTO candidate_game
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
FOR UPDATE SKIP LOCKED;

DELETE FROM candidate_game
WHERE NOT pg_try_advisory_xact_lock(hashtextextended('mlb_perf: game ' || game_id, 0));

WITH claimed AS (
    DELETE FROM staging.curation_queue AS q
    USING candidate_game AS c
    WHERE q.game_id = c.game_id
    RETURNING q.game_id, q.has_moved, q.late_paths
)
INSERT INTO dequeued SELECT * FROM claimed;

INSERT INTO promoted_game (game_id, game_date, start_at, has_moved, late_paths)
SELECT g.game_id, g.game_date, g.start_at, claimed.has_moved,
    CASE WHEN NOT claimed.has_moved AND pg_temp.closes_at(g.start_at, g.game_date) > now()
        THEN claimed.late_paths END
FROM dequeued AS claimed
JOIN (
    SELECT game_id, game_date, coalesce(actual_start_at, scheduled_start_at) AS start_at
    FROM curated.enhanced_games
) AS g USING (game_id)
