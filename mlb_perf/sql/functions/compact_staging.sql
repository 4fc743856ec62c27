-- drop: FUNCTION performance_monitoring.compact_staging(interval, integer)
-- Of games that began more than keep ago, delete the staged quotes that no curated line is made of:
-- those between the first and the last of a run of one price. The first one counts them. Where one
-- of them is of less quality than both, the first such stays: it is the quality of the line. A run
-- is what mlb-perf promote makes a line of (curate_lines.sql): of all ids of a game and of a book,
-- cut at the start. Up to games games, the oldest first, each once; a game that is being promoted, or
-- waits for it, is left to the next call. All of it is one transaction: a call that is killed has
-- deleted nothing.
CREATE FUNCTION performance_monitoring.compact_staging(
    keep interval DEFAULT '3 days', games integer DEFAULT 20
)
RETURNS TABLE (game_id bigint, quotes bigint, deleted bigint)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    run CONSTANT bigint := nullif(current_setting('performance_monitoring.run_id', true), '')::bigint;
    has_citus CONSTANT boolean := to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL;
    done_games integer := 0;
    done_quotes bigint := 0;
    game record;
BEGIN
    FOR game IN
        SELECT g.game_id, g.game_date, coalesce(g.actual_start_at, g.scheduled_start_at) AS start_at
        FROM curated.enhanced_games AS g
        WHERE g.game_date < (now() - keep)::date
          AND coalesce(g.actual_start_at, g.scheduled_start_at, g.game_date + interval '36 hours')
              < now() - keep
          AND NOT EXISTS (SELECT FROM staging.compacted_games AS c WHERE c.game_id = g.game_id)
          AND NOT EXISTS (SELECT FROM staging.curation_queue AS q WHERE q.game_id = g.game_id)
        ORDER BY g.game_date, g.game_id
        LIMIT games
        FOR NO KEY UPDATE OF g SKIP LOCKED
    LOOP
        -- With Citus promotion cannot lock the row of a game. Elsewhere the row is enough, and a key
        -- that every role can hold would let a stranger keep a game from being compacted.
        IF has_citus THEN
            CONTINUE WHEN NOT pg_try_advisory_xact_lock(
                hashtextextended('mlb_perf: game ' || game.game_id, 0)
            );
        END IF;
        WITH quote AS (
            SELECT q.collected_at, q.sportsbook_id, q.source, q.market_type, q.side, q.line_value,
                q.price, q.decimal_price, q.data_quality_score, q.quote_count,
                q.validation_errors IS NULL AS is_dated,
                coalesce(q.validation_errors IS NULL AND q.collected_at >= game.start_at, false)
                    AS is_in_play,
                CASE
                    WHEN q.validation_errors IS NULL OR game.start_at IS NULL THEN q.collected_at
                    WHEN q.validation_errors ? 'closing_without_time'
                    THEN game.start_at - interval '1 second'
                    WHEN q.validation_errors ? 'opening_without_time'
                    THEN game.start_at - interval '1 day'
                    ELSE q.collected_at
                END AS moment,
                q.external_game_id, q.sportsbook_key
            FROM staging.betting_odds_unified AS q
            WHERE q.game_id = game.game_id
              AND q.validation_status IN ('valid', 'suspect') AND q.sportsbook_id IS NOT NULL
        ),
        spoken AS (  -- of two names that spoke at one moment the first makes the line
            SELECT quote.*, row_number() OVER (
                PARTITION BY sportsbook_id, source, market_type, side, moment
                ORDER BY external_game_id, sportsbook_key
            ) AS name_number
            FROM quote
        ),
        changed AS (
            SELECT spoken.*,
                (line_value, price, decimal_price, is_in_play) IS DISTINCT FROM (
                    lag(line_value) OVER path, lag(price) OVER path, lag(decimal_price) OVER path,
                    lag(is_in_play) OVER path
                ) AS is_change
            FROM spoken
            WHERE name_number = 1
            WINDOW path AS (PARTITION BY sportsbook_id, source, market_type, side ORDER BY moment)
        ),
        run AS (
            SELECT changed.*, count(*) FILTER (WHERE is_change) OVER path AS run_number
            FROM changed
            WINDOW path AS (PARTITION BY sportsbook_id, source, market_type, side ORDER BY moment)
        ),
        placed AS (
            SELECT run.*,
                row_number() OVER run_of AS from_first,
                row_number() OVER (
                    PARTITION BY sportsbook_id, source, market_type, side, run_number
                    ORDER BY moment DESC
                ) AS from_last,
                row_number() OVER (
                    PARTITION BY sportsbook_id, source, market_type, side, run_number
                    ORDER BY data_quality_score, moment
                ) AS from_least,
                least(
                    first_value(data_quality_score) OVER run_of,
                    first_value(data_quality_score) OVER (
                        PARTITION BY sportsbook_id, source, market_type, side, run_number
                        ORDER BY moment DESC
                    )
                ) AS quality_of_ends
            FROM run
            WINDOW run_of AS (
                PARTITION BY sportsbook_id, source, market_type, side, run_number ORDER BY moment
            )
        ),
        judged AS (
            SELECT placed.*,
                is_dated AND from_first > 1 AND from_last > 1
                    AND NOT (from_least = 1 AND data_quality_score < quality_of_ends) AS is_middle
            FROM placed
        ),
        middle AS (
            SELECT sportsbook_id, source, market_type, side, run_number, moment, quote_count
            FROM judged
            WHERE is_middle
        ),
        gone AS (  -- with them the other names' quotes of the same moments
            DELETE FROM staging.betting_odds_unified AS q
            USING spoken
            WHERE q.external_game_id = spoken.external_game_id AND q.source = spoken.source
              AND q.sportsbook_key = spoken.sportsbook_key AND q.market_type = spoken.market_type
              AND q.side = spoken.side AND q.collected_at = spoken.collected_at
              AND q.game_id = game.game_id AND spoken.is_dated
              AND (spoken.sportsbook_id, spoken.source, spoken.market_type, spoken.side, spoken.moment)
                IN (SELECT sportsbook_id, source, market_type, side, moment FROM middle)
            RETURNING 1
        ),
        counted AS (
            UPDATE staging.betting_odds_unified AS q
            SET quote_count = q.quote_count + first.quotes, updated_at = now()
            FROM (
                SELECT judged.*, total.quotes
                FROM (
                    SELECT sportsbook_id, source, market_type, side, run_number,
                        sum(quote_count)::integer AS quotes
                    FROM middle
                    GROUP BY sportsbook_id, source, market_type, side, run_number
                ) AS total
                JOIN judged USING (sportsbook_id, source, market_type, side, run_number)
                WHERE judged.from_first = 1
            ) AS first
            WHERE q.external_game_id = first.external_game_id AND q.source = first.source
              AND q.sportsbook_key = first.sportsbook_key AND q.market_type = first.market_type
              AND q.side = first.side AND q.collected_at = first.collected_at
              AND q.game_id = game.game_id
            RETURNING 1
        )
        SELECT game.game_id, (SELECT count(*) FROM quote), (SELECT count(*) FROM gone)
        INTO game_id, quotes, deleted;
        INSERT INTO staging.compacted_games (game_id, quotes, deleted) VALUES (game.game_id, quotes, deleted);
        done_games := done_games + 1;
        done_quotes := done_quotes + deleted;
        RETURN NEXT;
    END LOOP;
    UPDATE performance_monitoring.maintenance_runs AS r
    SET details = r.details || jsonb_build_object('games', done_games, 'quotes_deleted', done_quotes)
    WHERE r.run_id = run;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.compact_staging(interval, integer) IS
    'Delete staged quotes of past games that no curated line is made of';
REVOKE ALL ON FUNCTION performance_monitoring.compact_staging(interval, integer) FROM PUBLIC;
