-- What was staged of the ids goes along, and both games are made again from it.
WITH r AS (SELECT * FROM rematched)
UPDATE curated.game_id_mappings AS m
SET game_id = r.game_id, match_method = 'teams_and_start', updated_at = now()
FROM r
WHERE m.source = r.source AND m.external_game_id = r.external_game_id;

UPDATE staging.games AS s
SET game_id = r.game_id, updated_at = now()
FROM rematched AS r
WHERE s.external_game_id = r.external_game_id AND s.game_id = r.game_id_before;

UPDATE staging.betting_odds_unified AS s
SET game_id = r.game_id
FROM rematched AS r
WHERE s.external_game_id = r.external_game_id AND s.game_id = r.game_id_before;

UPDATE staging.betting_splits AS s
SET game_id = r.game_id
FROM rematched AS r
WHERE s.external_game_id = r.external_game_id AND s.game_id = r.game_id_before;

DELETE FROM curated.unified_betting_splits AS s
USING rematched AS r
WHERE s.game_id = r.game_id_before AND s.source = r.source;

INSERT INTO staging.curation_queue (game_id)
SELECT game_id FROM rematched UNION SELECT game_id_before FROM rematched
ORDER BY 1
ON CONFLICT (game_id) DO UPDATE SET parked_at = NULL, reason = NULL, late_paths = NULL
