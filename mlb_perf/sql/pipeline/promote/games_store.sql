-- The ids of the games, and what was said of them. What cannot be resolved is kept too; the source
-- of its id stands first among the errors, its league third.
INSERT INTO curated.game_id_mappings (
    source, external_game_id, game_id, league_id, match_method, confidence
)
SELECT id_source, external_game_id, game_id, league_id, match_method,
    CASE match_method WHEN 'source_id' THEN 1 ELSE 0.9 END
FROM event
WHERE game_id IS NOT NULL
ON CONFLICT (source, external_game_id) DO NOTHING;

DELETE FROM matched;

INSERT INTO matched
SELECT m.source, m.external_game_id, m.game_id
FROM curated.game_id_mappings AS m
JOIN (SELECT DISTINCT id_source, external_game_id FROM description) AS d
  ON m.source = d.id_source AND m.external_game_id = d.external_game_id;

UPDATE description AS d
SET game_id = m.game_id
FROM matched AS m
WHERE m.id_source = d.id_source AND m.external_game_id = d.external_game_id
  AND d.home_team_id IS NOT NULL;

INSERT INTO staging.games AS stored (
    external_game_id, source, game_id, game_date, collected_at, home_team_name, away_team_name,
    home_team_id, away_team_id, scheduled_start_at, game_number, status, first_pitch_at,
    moved_from_at, game_type, venue_name, home_starting_pitcher, away_starting_pitcher, home_score,
    away_score, data_quality_score, validation_status, validation_errors, updated_at
)
SELECT DISTINCT ON (external_game_id, source, collected_at)
    external_game_id, source, game_id, game_date, collected_at, home_name, away_name,
    home_team_id, away_team_id, start_at, coalesce(game_number, 1), status, first_pitch_at,
    moved_from_at, game_type, venue_name, home_pitcher, away_pitcher, home_score, away_score,
    1 - CASE WHEN start_at IS NULL THEN 0.2 ELSE 0 END
      - CASE WHEN venue_name IS NULL THEN 0.1 ELSE 0 END
      - CASE WHEN game_id IS NULL THEN 0.7 ELSE 0 END,
    CASE WHEN game_id IS NULL THEN 'invalid' ELSE 'valid' END,
    CASE WHEN game_id IS NULL THEN jsonb_build_array(
        id_source,
        coalesce(fault, CASE WHEN home_team_id IS NULL THEN 'unknown_team' ELSE 'unknown_date' END),
        league
    ) END, now()
FROM description
WHERE NOT is_stored
ORDER BY external_game_id, source, collected_at, status DESC
-- A response that was completed later tells the same moment otherwise.
ON CONFLICT (external_game_id, source, collected_at) DO UPDATE SET
    game_id = excluded.game_id, game_date = excluded.game_date,
    home_team_name = excluded.home_team_name, away_team_name = excluded.away_team_name,
    home_team_id = excluded.home_team_id, away_team_id = excluded.away_team_id,
    scheduled_start_at = excluded.scheduled_start_at, game_number = excluded.game_number,
    status = excluded.status, first_pitch_at = excluded.first_pitch_at,
    moved_from_at = excluded.moved_from_at, game_type = excluded.game_type,
    venue_name = excluded.venue_name, home_starting_pitcher = excluded.home_starting_pitcher,
    away_starting_pitcher = excluded.away_starting_pitcher, home_score = excluded.home_score,
    away_score = excluded.away_score, data_quality_score = excluded.data_quality_score,
    validation_status = excluded.validation_status,
    validation_errors = excluded.validation_errors, updated_at = excluded.updated_at;

UPDATE staging.games AS stored
SET game_id = d.game_id, game_date = d.game_date, home_team_id = d.home_team_id,
    away_team_id = d.away_team_id, validation_status = 'valid', validation_errors = NULL,
    data_quality_score = stored.data_quality_score + 0.7, updated_at = now()
FROM description AS d
WHERE d.is_stored AND d.game_id IS NOT NULL
  AND stored.external_game_id = d.external_game_id AND stored.source = d.source
  AND stored.collected_at = d.collected_at;
