-- Games of the batch that nothing was appended to: all of their paths are made again. And
-- those of which a path has a late quote: that path alone. In one order, so that no two
-- sessions wait for each other. DO NOTHING takes no lock on a row that is there.
INSERT INTO staging.curation_queue (game_id, late_paths)
SELECT game_id, late_paths
FROM (
    SELECT m.game_id, NULL::jsonb AS late_paths
    FROM batch_game AS m
    WHERE NOT EXISTS (SELECT 1 FROM live_game AS g WHERE g.game_id = m.game_id)
    UNION ALL
    SELECT p.game_id,
        jsonb_agg(jsonb_build_array(p.source, p.sportsbook_id, p.market_type, p.side))
    FROM late_path AS p
    JOIN live_game AS g USING (game_id)
    GROUP BY p.game_id
) AS wanted
ORDER BY game_id
ON CONFLICT (game_id) DO NOTHING;

UPDATE staging.curation_queue AS q
SET parked_at = NULL, reason = NULL, late_paths = NULL
FROM (
    SELECT q.game_id
    FROM staging.curation_queue AS q
    WHERE q.game_id IN (
        SELECT m.game_id
        FROM batch_game AS m
        WHERE NOT EXISTS (SELECT 1 FROM live_game AS g WHERE g.game_id = m.game_id)
      )
      AND (q.parked_at IS NOT NULL OR q.late_paths IS NOT NULL)
    ORDER BY q.game_id
    FOR NO KEY UPDATE
) AS news
WHERE q.game_id = news.game_id
