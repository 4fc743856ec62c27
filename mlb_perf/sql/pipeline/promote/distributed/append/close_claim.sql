-- Games that can be closed and that nobody else is writing: as in the other close_claim.sql, but for
-- the lock of a game, which here is one of the node where promotion runs.
DELETE FROM candidate_game;

INSERT INTO candidate_game
SELECT game_id
FROM staging.closing_queue AS c
WHERE due_at <= now()
  AND NOT EXISTS (SELECT 1 FROM staging.curation_queue AS q WHERE q.game_id = c.game_id)
ORDER BY game_id
LIMIT {limit}
FOR UPDATE SKIP LOCKED;

DELETE FROM candidate_game
WHERE NOT pg_try_advisory_xact_lock(hashtextextended('mlb_perf: game ' || game_id, 0));

DELETE FROM staging.closing_queue AS c USING candidate_game AS g WHERE c.game_id = g.game_id;

INSERT INTO promoted_game (game_id, game_date, start_at, has_moved)
SELECT g.game_id, g.game_date, coalesce(g.actual_start_at, g.scheduled_start_at), false
FROM curated.enhanced_games AS g
JOIN candidate_game USING (game_id)
