-- When the games of {games} are to be closed: those that have not begun at their
-- start; the others have just been.
DELETE FROM staging.closing_queue AS c
USING {games} AS g
WHERE c.game_id = g.game_id AND pg_temp.closes_at(g.start_at, g.game_date) <= now();

INSERT INTO staging.closing_queue (game_id, due_at)
SELECT g.game_id, pg_temp.closes_at(g.start_at, g.game_date)
FROM {games} AS g
WHERE pg_temp.closes_at(g.start_at, g.game_date) > now()
  AND NOT EXISTS (
    SELECT 1 FROM staging.closing_queue AS c
    WHERE c.game_id = g.game_id AND c.due_at = pg_temp.closes_at(g.start_at, g.game_date)
  )
ORDER BY g.game_id
ON CONFLICT (game_id) DO UPDATE SET due_at = excluded.due_at
