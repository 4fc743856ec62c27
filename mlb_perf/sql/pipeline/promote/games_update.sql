-- Each game that was described, as its best description has it. One description gives status and
-- score, as a whole: a result before all others, then what was said after the game was moved or
-- resumed, a game in play before one that has yet to begin unless it was put off since, the
-- schedule before the feeds of odds, and only then the newest. One of the schedule (else of the
-- best source) gives date and start in the same way. So a game that is made up on another day moves
-- to that day; its curated rows follow when it is curated.
CREATE TEMPORARY TABLE game_update (
    game_id bigint NOT NULL,
    game_date date,
    season integer,
    game_number integer,
    game_type text,
    scheduled_start_at timestamptz,
    original_start_at timestamptz,
    actual_start_at timestamptz,
    status text,
    status_history jsonb,
    home_score integer,
    away_score integer,
    home_starting_pitcher text,
    away_starting_pitcher text,
    venue_id bigint,
    game_pk bigint,
    data_quality_score numeric
) ON COMMIT DROP;

INSERT INTO game_update
WITH touched AS (
    SELECT game_id FROM description WHERE game_id IS NOT NULL
    UNION
    SELECT game_id FROM rematched
    UNION
    SELECT game_id_before FROM rematched
),
told AS (
    SELECT s.*,
        CASE s.source WHEN 'mlb_stats_api' THEN 1 WHEN 'retrosheet' THEN 2 WHEN 'game_results' THEN 3
            ELSE 4 END AS place,
        s.status IN ('final', 'forfeit') AND s.home_score IS NOT NULL AS is_result,
        (s.status IN ('in_progress', 'suspended') OR s.status = 'delayed' AND s.home_score IS NOT NULL)
            AND s.collected_at >= coalesce(max(s.collected_at) FILTER (
                WHERE s.status IN ('postponed', 'cancelled')
            ) OVER (PARTITION BY s.game_id), '-infinity') AS is_live,
        -- A score goes with its team: a feed may have the sides the other way around.
        s.home_team_id IS NOT DISTINCT FROM g.away_team_id AS is_turned
    FROM {descriptions} AS s
    JOIN touched USING (game_id)
    JOIN curated.enhanced_games AS g USING (game_id)
),
state AS (
    SELECT DISTINCT ON (game_id) game_id, status,
        CASE WHEN is_turned THEN away_score ELSE home_score END AS home_score,
        CASE WHEN is_turned THEN home_score ELSE away_score END AS away_score
    FROM told
    ORDER BY game_id, is_result DESC, moved_from_at DESC NULLS LAST, is_live DESC,
        -- Feeds of odds say scheduled where they say nothing.
        (place = 4 AND status = 'scheduled'), place, collected_at DESC, staging_game_id DESC
),
best AS (
    SELECT t.game_id,
        (array_agg(t.scheduled_start_at ORDER BY t.place, t.moved_from_at DESC NULLS LAST,
                t.is_result DESC, t.is_live DESC, t.collected_at DESC)
            FILTER (WHERE t.scheduled_start_at IS NOT NULL))[1] AS scheduled_start_at,
        (array_agg(t.scheduled_start_at ORDER BY t.collected_at)
            FILTER (WHERE t.scheduled_start_at IS NOT NULL))[1] AS first_start_at,
        min(t.moved_from_at) AS moved_from_at,
        (array_agg(t.game_date ORDER BY t.place, t.moved_from_at DESC NULLS LAST,
                t.is_result DESC, t.is_live DESC, t.collected_at DESC)
            FILTER (WHERE t.game_date IS NOT NULL))[1] AS game_date,
        (array_agg(t.game_number ORDER BY t.place, t.moved_from_at DESC NULLS LAST,
                t.is_result DESC, t.is_live DESC, t.collected_at DESC)
            FILTER (WHERE t.source IN ('mlb_stats_api', 'retrosheet')))[1] AS game_number,
        (array_agg(t.venue_name ORDER BY t.place, t.moved_from_at DESC NULLS LAST,
                t.collected_at DESC)
            FILTER (WHERE t.venue_name IS NOT NULL))[1] AS venue_name,
        (array_agg(t.game_type ORDER BY t.place, t.collected_at DESC)
            FILTER (WHERE t.game_type IS NOT NULL))[1] AS game_type,
        (array_agg(pitcher.home ORDER BY t.place, t.collected_at DESC)
            FILTER (WHERE pitcher.home IS NOT NULL))[1] AS home_starting_pitcher,
        (array_agg(pitcher.away ORDER BY t.place, t.collected_at DESC)
            FILTER (WHERE pitcher.away IS NOT NULL))[1] AS away_starting_pitcher,
        (array_agg(t.first_pitch_at ORDER BY t.place, t.collected_at DESC)
            FILTER (WHERE t.first_pitch_at IS NOT NULL))[1] AS first_pitch_at,
        -- While the schedule says that the start is delayed, feeds of odds know for how long.
        bool_or(t.place = 1 AND t.status = 'delayed') AS was_delayed,
        (array_agg(t.scheduled_start_at ORDER BY t.collected_at DESC)
            FILTER (WHERE t.place = 4 AND t.scheduled_start_at IS NOT NULL))[1] AS odds_start_at,
        bool_or(t.is_turned) AS is_neutral,
        max(t.data_quality_score) AS data_quality_score
    FROM told AS t
    CROSS JOIN LATERAL (
        SELECT CASE WHEN t.is_turned THEN t.away_starting_pitcher ELSE t.home_starting_pitcher END
                AS home,
            CASE WHEN t.is_turned THEN t.home_starting_pitcher ELSE t.away_starting_pitcher END
                AS away
    ) AS pitcher
    GROUP BY t.game_id
),
history AS (
    SELECT game_id, jsonb_agg(
        jsonb_build_object('status', status, 'at', at) ORDER BY at
    ) AS status_history
    FROM (
        SELECT game_id, status, min(collected_at) AS at FROM told GROUP BY game_id, status
    ) AS since
    GROUP BY game_id
)
SELECT best.game_id, best.game_date,
    extract(year FROM best.game_date - make_interval(months => league.season_month - 1))::integer,
    coalesce(best.game_number, g.game_number), coalesce(best.game_type, g.game_type),
    best.scheduled_start_at, least(best.moved_from_at, best.first_start_at),
    coalesce(best.first_pitch_at, CASE
        WHEN best.was_delayed AND best.odds_start_at > best.scheduled_start_at
            AND best.odds_start_at < best.scheduled_start_at + interval '8 hours'
        THEN best.odds_start_at END),
    state.status, history.status_history, state.home_score, state.away_score,
    best.home_starting_pitcher, best.away_starting_pitcher,
    -- An unknown park is no park, never the one that the home team has today.
    CASE WHEN best.venue_name IS NULL AND NOT best.is_neutral THEN g.venue_id
        ELSE venue.venue_id END,
    coalesce(g.game_pk, (
        SELECT min(m.external_game_id)::bigint FROM curated.game_id_mappings AS m
        WHERE m.game_id = g.game_id AND m.source = 'mlb_stats_api'
          AND m.external_game_id ~ '^[0-9]{1,18}$'
    )),
    best.data_quality_score
FROM best
JOIN state USING (game_id)
JOIN history USING (game_id)
JOIN curated.enhanced_games AS g USING (game_id)
JOIN curated.leagues AS league USING (league_id)
LEFT JOIN LATERAL (
    SELECT v.venue_id FROM curated.venues AS v
    WHERE best.venue_name = v.name OR best.venue_name = ANY (v.former_names)
    ORDER BY v.name = best.venue_name DESC, v.venue_id
    LIMIT 1
) AS venue ON true;

CREATE TEMPORARY TABLE game_news (
    game_id bigint NOT NULL,
    has_moved boolean NOT NULL,
    start_moved boolean NOT NULL,
    has_result boolean NOT NULL
) ON COMMIT DROP;

INSERT INTO game_news
SELECT u.game_id, u.game_date <> g.game_date,
    coalesce(u.actual_start_at, u.scheduled_start_at)
        IS DISTINCT FROM coalesce(g.actual_start_at, g.scheduled_start_at),
    (u.status, u.home_score, u.away_score, u.game_type)
        IS DISTINCT FROM (g.status, g.home_score, g.away_score, g.game_type)
FROM game_update AS u
JOIN curated.enhanced_games AS g USING (game_id);

WITH u AS (SELECT * FROM game_update)
UPDATE curated.enhanced_games AS g
SET game_date = u.game_date, season = u.season, game_number = u.game_number,
    game_type = u.game_type, scheduled_start_at = u.scheduled_start_at,
    original_start_at = u.original_start_at, actual_start_at = u.actual_start_at,
    status = u.status, status_history = u.status_history, home_score = u.home_score,
    away_score = u.away_score, home_starting_pitcher = u.home_starting_pitcher,
    away_starting_pitcher = u.away_starting_pitcher, venue_id = u.venue_id, game_pk = u.game_pk,
    data_quality_score = u.data_quality_score, updated_at = now()
FROM u
WHERE g.game_id = u.game_id;

-- A result makes a game ready for training, and changes no line.
INSERT INTO staging.closing_queue (game_id, due_at)
SELECT game_id, now()
FROM game_news AS n
WHERE has_result AND NOT has_moved AND NOT start_moved
  AND EXISTS (SELECT 1 FROM {quoted_games} AS q WHERE q.game_id = n.game_id)
ORDER BY game_id
ON CONFLICT (game_id) DO UPDATE SET due_at = excluded.due_at;

-- A start that was moved changes what is opening, closing and in play.
INSERT INTO staging.curation_queue (game_id, has_moved)
SELECT game_id, has_moved
FROM game_news AS n
WHERE has_moved
   OR start_moved
  AND EXISTS (SELECT 1 FROM {quoted_games} AS q WHERE q.game_id = n.game_id)
ORDER BY game_id
ON CONFLICT (game_id) DO UPDATE SET
    has_moved = curation_queue.has_moved OR excluded.has_moved, parked_at = NULL, reason = NULL,
    late_paths = NULL;

DROP TABLE pg_temp.game_update, pg_temp.game_news
