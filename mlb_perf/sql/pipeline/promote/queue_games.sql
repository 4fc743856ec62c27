-- The games of which there are quotes, or of them those that are named, into the queue. DISTINCT,
-- because Citus fetches what the subquery finds on its nodes.
INSERT INTO staging.curation_queue (game_id)
SELECT game_id
FROM curated.enhanced_games
WHERE game_id IN (
    SELECT DISTINCT q.game_id
    FROM staging.betting_odds_unified AS q
    WHERE cardinality(CAST(:games AS bigint[])) = 0 OR q.game_id = ANY (CAST(:games AS bigint[]))
)
ORDER BY game_id
ON CONFLICT (game_id) DO UPDATE SET parked_at = NULL, reason = NULL, late_paths = NULL
