-- How many of these games are not in the queue: one that was when they were queued,
-- and was taken out since. The others stay until the end of this transaction, so that
-- nobody curates them without what it staged.
WITH queued AS (
    SELECT m.game_id
    FROM batch_game AS m
    WHERE NOT EXISTS (SELECT 1 FROM live_game AS g WHERE g.game_id = m.game_id)
    UNION
    SELECT game_id FROM late_path
),
held AS (
    SELECT q.game_id
    FROM staging.curation_queue AS q
    WHERE q.game_id IN (SELECT game_id FROM queued)
    FOR KEY SHARE
)
SELECT (SELECT count(*) FROM queued) - (SELECT count(*) FROM held)
