-- The queue holds a row a game with news, and is short; no index but its key.
SELECT game_id, queued_at
FROM staging.curation_queue
ORDER BY queued_at
LIMIT 20
