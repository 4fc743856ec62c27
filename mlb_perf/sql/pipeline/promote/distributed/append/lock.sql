-- The games of the batch, locked in one order, on the node where promotion runs. A game in the queue
-- is left to whoever makes its whole path again.
SELECT count(pg_advisory_xact_lock(hashtextextended('mlb_perf: game ' || b.game_id, 0)))
FROM (
    SELECT b.game_id
    FROM batch_game AS b
    WHERE NOT EXISTS (SELECT 1 FROM staging.curation_queue AS q WHERE q.game_id = b.game_id)
    ORDER BY b.game_id
    OFFSET 0
) AS b;

INSERT INTO locked_game (game_id, game_date, start_at)
SELECT g.game_id, g.game_date, coalesce(g.actual_start_at, g.scheduled_start_at)
FROM curated.enhanced_games AS g
JOIN batch_game USING (game_id)
WHERE NOT EXISTS (SELECT 1 FROM staging.curation_queue AS q WHERE q.game_id = g.game_id)
