-- The game stays in the queue with the server's reason until there is news of it.
INSERT INTO staging.curation_queue (game_id, has_moved, parked_at, reason)
SELECT game_id, has_moved, now(), {reason}
FROM promoted_game
ON CONFLICT (game_id) DO UPDATE SET parked_at = excluded.parked_at, reason = excluded.reason,
    late_paths = NULL
