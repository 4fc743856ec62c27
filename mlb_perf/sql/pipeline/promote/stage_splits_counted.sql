-- Store the splits, count them by source, and keep those of the games that are appended to.
WITH stored AS (
{store}
    RETURNING *
),
kept AS (
    INSERT INTO staged_split
    SELECT * FROM stored WHERE game_id IN (SELECT game_id FROM live_game)
)
INSERT INTO staged_total (source, staged, valid)
SELECT source, count(*), count(*) FILTER (WHERE validation_status = 'valid')
FROM stored
GROUP BY source
