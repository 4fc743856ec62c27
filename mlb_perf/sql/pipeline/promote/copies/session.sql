-- Copies of rows of distributed tables, for the games of a batch. Citus joins no temporary table to a
-- distributed one by its own terms (LATERAL with LIMIT, correlated subqueries, functions of the
-- session), so on a distributed database the steps of a promotion read these.

CREATE TEMPORARY TABLE stored_lines (LIKE curated.betting_lines_unified) ON COMMIT DELETE ROWS;
CREATE INDEX ON pg_temp.stored_lines (game_id, sportsbook_id, market_type, side, source, first_seen_at);

CREATE TEMPORARY TABLE stored_movements (LIKE curated.line_movements) ON COMMIT DELETE ROWS;
CREATE INDEX ON pg_temp.stored_movements (game_id, sportsbook_id, market_type, side, source, moved_at);

CREATE TEMPORARY TABLE stored_splits (LIKE curated.unified_betting_splits) ON COMMIT DELETE ROWS;
CREATE INDEX ON pg_temp.stored_splits (game_id, sportsbook_id, market_type, source, collected_at);

CREATE TEMPORARY TABLE stored_markets (LIKE curated.ml_market_analysis) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE stored_arbitrage (
    LIKE curated.arbitrage_opportunities
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE staged_quotes (LIKE staging.betting_odds_unified) ON COMMIT DELETE ROWS;
CREATE INDEX ON pg_temp.staged_quotes (external_game_id);

CREATE TEMPORARY TABLE staged_splits (LIKE staging.betting_splits) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE descriptions (LIKE staging.games) ON COMMIT DELETE ROWS;
CREATE INDEX ON pg_temp.descriptions (external_game_id, source, collected_at);

-- The ids of which there are copies in descriptions.
CREATE TEMPORARY TABLE wanted_id (external_game_id text NOT NULL) ON COMMIT DELETE ROWS;

-- Games of which quotes are staged.
CREATE TEMPORARY TABLE quoted_games (game_id bigint NOT NULL) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE rejections (LIKE staging.rejected_records) ON COMMIT DELETE ROWS;
CREATE INDEX ON pg_temp.rejections (external_game_id, collected_at);

CREATE TEMPORARY TABLE unresolved_games (LIKE staging.games) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE unresolved_rejections (
    LIKE staging.rejected_records
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE line_history (LIKE raw_data.line_history) ON COMMIT DELETE ROWS;
CREATE INDEX ON pg_temp.line_history (external_game_id);

CREATE TEMPORARY TABLE leagues (LIKE curated.leagues) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE teams (LIKE curated.teams) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE venues (LIKE curated.venues) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE team_aliases (LIKE staging.team_aliases) ON COMMIT DELETE ROWS;

-- Ids with hot rows, how many each has, and those of them that this session has locked.
CREATE TEMPORARY TABLE candidate_id (
    external_game_id text NOT NULL,
    hot_rows bigint NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE claimed_id (external_game_id text NOT NULL) ON COMMIT DELETE ROWS;

-- Games of a queue, and what the queue says of those that this session has locked.
CREATE TEMPORARY TABLE candidate_game (game_id bigint NOT NULL) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE dequeued (
    game_id bigint NOT NULL,
    has_moved boolean NOT NULL,
    late_paths jsonb
) ON COMMIT DELETE ROWS
