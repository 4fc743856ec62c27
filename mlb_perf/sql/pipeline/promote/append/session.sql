-- The temporary tables of a batch whose quotes are appended to the curated lines.

-- How far a line moved towards its side, in probability. A line that moves is
-- worth more than a price: towards the side if it asks more of it.
CREATE FUNCTION pg_temp.towards(
    market_type text, side text, line_before numeric, line_after numeric, probability_change numeric
) RETURNS numeric LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN market_type = 'moneyline' OR line_after = line_before THEN probability_change
        WHEN side = 'over' THEN 0.05 * (line_after - line_before)
        ELSE 0.05 * (line_before - line_after)
    END;

-- The side whose share of the handle exceeds its share of the bets by the threshold.
CREATE FUNCTION pg_temp.sharp_side(
    market_type text, home_money numeric, home_bets numeric, away_money numeric, away_bets numeric,
    points numeric
) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN home_money - home_bets >= points
        THEN CASE market_type WHEN 'total' THEN 'over' ELSE 'home' END
        WHEN away_money - away_bets >= points
        THEN CASE market_type WHEN 'total' THEN 'under' ELSE 'away' END
    END;

-- What a stake on both sides wins for sure, in percent.
CREATE FUNCTION pg_temp.profit(one numeric, other numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE RETURN (1 / (1 / one + 1 / other) - 1) * 100;

-- When a game is over or in play: one whose start no source tells by noon of the next day.
CREATE FUNCTION pg_temp.closes_at(start_at timestamptz, game_date date) RETURNS timestamptz
LANGUAGE sql IMMUTABLE RETURN
    coalesce(start_at, game_date::timestamp AT TIME ZONE 'UTC' + interval '36 hours');

-- The games of what was claimed, whose rows this session has locked.
CREATE TEMPORARY TABLE locked_game (
    game_id bigint PRIMARY KEY,
    game_date date NOT NULL,
    start_at timestamptz
) ON COMMIT DELETE ROWS;

-- Those of the batch that it appends to.
CREATE TEMPORARY TABLE live_game (
    game_id bigint PRIMARY KEY,
    game_date date NOT NULL,
    start_at timestamptz
) ON COMMIT DELETE ROWS;

-- What the batch stored, by source.
CREATE TEMPORARY TABLE staged_total (
    source varchar(32) NOT NULL,
    staged bigint NOT NULL,
    valid bigint NOT NULL
) ON COMMIT DELETE ROWS;

-- The quotes and splits of these games that are new.
CREATE TEMPORARY TABLE staged_quote (
    game_id bigint NOT NULL,
    external_game_id varchar(64) NOT NULL,
    sportsbook_key varchar(64) NOT NULL,
    sportsbook_id bigint NOT NULL,
    source varchar(32) NOT NULL,
    market_type varchar(16) NOT NULL,
    side varchar(16) NOT NULL,
    line_value numeric(6, 1),
    price integer NOT NULL,
    decimal_price numeric(12, 6) NOT NULL,
    collected_at timestamptz NOT NULL,
    data_quality_score numeric(4, 3) NOT NULL,
    is_undated boolean NOT NULL
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE staged_split (
    LIKE staging.betting_splits
) ON COMMIT DELETE ROWS;

-- The newest line of each path that the batch has quotes of, as it was before.
CREATE TEMPORARY TABLE standing (
    game_id bigint NOT NULL,
    sportsbook_id bigint NOT NULL,
    source varchar(32) NOT NULL,
    market_type varchar(16) NOT NULL,
    side varchar(16) NOT NULL,
    line_value numeric(6, 1),
    price integer NOT NULL,
    decimal_price numeric(12, 6) NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    is_in_play boolean NOT NULL,
    data_quality_score numeric(4, 3) NOT NULL
) ON COMMIT DELETE ROWS;

-- The paths of which the batch has a quote that is not newer than their newest line.
CREATE TEMPORARY TABLE late_path (
    game_id bigint NOT NULL,
    sportsbook_id bigint NOT NULL,
    source varchar(32) NOT NULL,
    market_type varchar(16) NOT NULL,
    side varchar(16) NOT NULL
) ON COMMIT DELETE ROWS;

-- The lines that the batch extends or adds. reaches_from: the moment before which
-- nothing changed; last_seen_at as it was, or first_seen_at of a line that is new.
CREATE TEMPORARY TABLE appended (
    game_id bigint NOT NULL,
    game_date date NOT NULL,
    sportsbook_id bigint NOT NULL,
    source varchar(32) NOT NULL,
    market_type varchar(16) NOT NULL,
    side varchar(16) NOT NULL,
    line_value numeric(6, 1),
    price integer NOT NULL,
    decimal_price numeric(12, 6) NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    quote_count integer NOT NULL,
    is_new boolean NOT NULL,
    is_opening boolean NOT NULL,
    is_in_play boolean NOT NULL,
    data_quality_score numeric(4, 3) NOT NULL,
    reaches_from timestamptz NOT NULL,
    line_before numeric(6, 1),
    price_before integer,
    decimal_before numeric(12, 6)
) ON COMMIT DELETE ROWS;

-- Every path of the games that has a line before the start.
CREATE TEMPORARY TABLE path (
    game_id bigint NOT NULL,
    game_date date NOT NULL,
    market_type varchar(16) NOT NULL,
    sportsbook_id bigint NOT NULL,
    side varchar(16) NOT NULL,
    source varchar(32) NOT NULL
) ON COMMIT DELETE ROWS;

-- The moves that the batch adds, and those after them that it may change.
CREATE TEMPORARY TABLE moved (
    game_id bigint NOT NULL,
    game_date date NOT NULL,
    sportsbook_id bigint NOT NULL,
    source text NOT NULL,
    market_type text NOT NULL,
    side text NOT NULL,
    moved_at timestamptz NOT NULL,
    line_before numeric,
    line_after numeric,
    price_before integer NOT NULL,
    price_after integer NOT NULL,
    probability_change numeric NOT NULL,
    towards numeric NOT NULL,
    direction integer NOT NULL
) ON COMMIT DELETE ROWS;

-- The moves of the same sides that are large enough for steam, within its minutes.
CREATE TEMPORARY TABLE strong_move (
    game_id bigint NOT NULL,
    market_type varchar(16) NOT NULL,
    side varchar(16) NOT NULL,
    direction integer NOT NULL,
    moved_at timestamptz NOT NULL,
    sportsbook_id bigint NOT NULL
) ON COMMIT DELETE ROWS;

-- Changes of line by market, over all books.
CREATE TEMPORARY TABLE movement_total (
    game_id bigint NOT NULL,
    market_type varchar(16) NOT NULL,
    movement_count integer NOT NULL
) ON COMMIT DELETE ROWS;

CREATE INDEX line_of_path ON pg_temp.line
    (game_id, market_type, side, sportsbook_id, source, first_seen_at);
