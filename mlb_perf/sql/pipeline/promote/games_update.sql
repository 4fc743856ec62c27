-- Each game that was described, as its best source has it: the schedule before
-- results, results before the feeds of odds; the newest word of the same source.
-- So a game that is made up on another day moves to that day; its curated rows
-- follow when it is curated.
WITH touched AS (
    SELECT DISTINCT game_id FROM description WHERE game_id IS NOT NULL
),
told AS (
    SELECT s.*,
        CASE s.source WHEN 'mlb_stats_api' THEN 1 WHEN 'retrosheet' THEN 2 WHEN 'game_results' THEN 3
            ELSE 4 END AS place,
        s.collected_at = max(s.collected_at) OVER (PARTITION BY s.game_id, s.source) AS is_newest
    FROM staging.games AS s
    JOIN touched USING (game_id)
),
best AS (
    SELECT t.game_id,
        (array_agg(t.scheduled_start_at ORDER BY t.place, t.collected_at DESC)
            FILTER (WHERE t.scheduled_start_at IS NOT NULL))[1] AS scheduled_start_at,
        (array_agg(t.scheduled_start_at ORDER BY t.collected_at)
            FILTER (WHERE t.scheduled_start_at IS NOT NULL))[1] AS original_start_at,
        (array_agg(t.game_date ORDER BY t.place, t.collected_at DESC))[1] AS game_date,
        (array_agg(t.game_number ORDER BY t.place, t.collected_at DESC)
            FILTER (WHERE t.source IN ('mlb_stats_api', 'retrosheet')))[1] AS game_number,
        -- Feeds of odds say scheduled where they say nothing; what the schedule said before
        -- its newest word, such as postponed, is over.
        (array_agg(t.status ORDER BY t.status = 'scheduled', t.place, t.collected_at DESC)
            FILTER (WHERE t.is_newest OR t.source <> 'mlb_stats_api'))[1] AS status,
        (array_agg(t.home_score ORDER BY t.place, t.collected_at DESC)
            FILTER (WHERE t.home_score IS NOT NULL AND t.away_score IS NOT NULL))[1] AS home_score,
        (array_agg(t.away_score ORDER BY t.place, t.collected_at DESC)
            FILTER (WHERE t.home_score IS NOT NULL AND t.away_score IS NOT NULL))[1] AS away_score,
        (array_agg(t.venue_name ORDER BY t.place, t.collected_at DESC)
            FILTER (WHERE t.venue_name IS NOT NULL))[1] AS venue_name,
        max(t.data_quality_score) AS data_quality_score
    FROM told AS t
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
),
updated AS (
    UPDATE curated.enhanced_games AS g
    SET game_date = best.game_date,
        season = extract(year FROM best.game_date)::integer,
        game_number = coalesce(best.game_number, g.game_number),
        scheduled_start_at = best.scheduled_start_at,
        original_start_at = best.original_start_at,
        status = best.status,
        status_history = history.status_history,
        home_score = best.home_score,
        away_score = best.away_score,
        venue_id = coalesce(venue.venue_id, g.venue_id),
        game_pk = coalesce(g.game_pk, (
            SELECT min(m.external_game_id)::bigint FROM curated.game_id_mappings AS m
            WHERE m.game_id = g.game_id AND m.source = 'mlb_stats_api'
              AND m.external_game_id ~ '^[0-9]{1,18}$'
        )),
        data_quality_score = best.data_quality_score,
        updated_at = now()
    FROM best
    JOIN history USING (game_id)
    JOIN curated.enhanced_games AS before USING (game_id)
    LEFT JOIN LATERAL (
        SELECT v.venue_id FROM curated.venues AS v
        WHERE best.venue_name = v.name OR best.venue_name = ANY (v.former_names)
        ORDER BY v.name = best.venue_name DESC, v.venue_id
        LIMIT 1
    ) AS venue ON true
    WHERE g.game_id = best.game_id
    RETURNING g.game_id, g.game_date <> before.game_date AS has_moved,
        coalesce(g.actual_start_at, g.scheduled_start_at)
            IS DISTINCT FROM coalesce(before.actual_start_at, before.scheduled_start_at)
            AS start_moved,
        (g.status, g.home_score, g.away_score)
            IS DISTINCT FROM (before.status, before.home_score, before.away_score) AS has_result
),
-- A result makes a game ready for training, and changes no line.
closed AS (
    INSERT INTO staging.closing_queue (game_id, due_at)
    SELECT game_id, now()
    FROM updated
    WHERE has_result AND NOT has_moved AND NOT start_moved
      AND EXISTS (SELECT FROM staging.betting_odds_unified AS q WHERE q.game_id = updated.game_id)
    ORDER BY game_id
    ON CONFLICT (game_id) DO UPDATE SET due_at = excluded.due_at
)
-- A start that was moved changes what is opening, closing and in play.
INSERT INTO staging.curation_queue (game_id, has_moved)
SELECT game_id, has_moved
FROM updated
WHERE has_moved
   OR start_moved
  AND EXISTS (SELECT FROM staging.betting_odds_unified AS q WHERE q.game_id = updated.game_id)
ORDER BY game_id
ON CONFLICT (game_id) DO UPDATE SET has_moved = curation_queue.has_moved OR excluded.has_moved;

-- Empty for the next raw table.
DELETE FROM description;
DELETE FROM event;
