-- What a promoting session needs: conversions that give NULL instead of an
-- error, and the temporary tables of a batch. (pg_input_is_valid would do for
-- the first, but PostgreSQL 15 lacks it.)
CREATE FUNCTION pg_temp.as_number(value text) RETURNS numeric LANGUAGE sql IMMUTABLE RETURN
    CASE WHEN value ~ '^\s*[+-]?[0-9]{1,9}(\.[0-9]{1,9})?\s*$' THEN value::numeric END;

CREATE FUNCTION pg_temp.as_integer(value text) RETURNS integer LANGUAGE sql IMMUTABLE RETURN
    CASE WHEN value ~ '^\s*[+-]?[0-9]{1,9}(\.0+)?\s*$' THEN value::numeric::integer END;

-- Decimal odds of a price; NULL for what is no price.
CREATE FUNCTION pg_temp.as_decimal(price numeric, price_format text) RETURNS numeric
LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN price_format = 'decimal' THEN price
        WHEN price > 0 THEN 1 + price / 100
        WHEN price < 0 THEN 1 - 100 / price
    END;

-- How far the price of a row of past lines is from even money.
CREATE FUNCTION pg_temp.from_even(payload jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE RETURN
    coalesce(abs(2 - pg_temp.as_decimal(
        pg_temp.as_number(payload ->> 'price'), coalesce(payload ->> 'prices', 'american')
    )), 'Infinity');

-- A time without a zone is UTC, which is the session's zone.
CREATE FUNCTION pg_temp.as_moment(value text) RETURNS timestamptz LANGUAGE sql STABLE RETURN
    CASE
        WHEN value !~ '^(18|19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?$'
        THEN NULL
        WHEN substr(value, 9, 2)::integer > extract(
            day FROM (substr(value, 1, 7) || '-01')::date + interval '1 month - 1 day'
        )
        THEN NULL
        ELSE value::timestamptz
    END;

CREATE FUNCTION pg_temp.as_date(value text) RETURNS date LANGUAGE sql STABLE RETURN
    (pg_temp.as_moment(
        CASE WHEN value ~ '^[0-9]{8}$'
            THEN substr(value, 1, 4) || '-' || substr(value, 5, 2) || '-' || substr(value, 7, 2)
            ELSE substr(value, 1, 10)
        END || 'T00:00:00Z'
    ) AT TIME ZONE 'UTC')::date;

CREATE FUNCTION pg_temp.as_array(value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE RETURN
    CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE '[]'::jsonb END;

CREATE FUNCTION pg_temp.as_object(value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE RETURN
    CASE jsonb_typeof(value) WHEN 'object' THEN value ELSE '{}'::jsonb END;

CREATE FUNCTION pg_temp.folded(value text) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    lower(btrim(value));

-- A quote as a sentence, for the reason of its rejection.
CREATE FUNCTION pg_temp.as_words(
    market_key text, side text, line_text text, price_text text, sportsbook_key text,
    external_game_id text
) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    format('market %s, side %s, line %s, price %s at %s of game %s',
        coalesce(market_key, 'none'), coalesce(side, 'none'), coalesce(line_text, 'none'),
        coalesce(price_text, 'none'), coalesce(nullif(sportsbook_key, ''), 'no sportsbook'),
        external_game_id);

-- The statuses of all feeds, by ours.
CREATE FUNCTION pg_temp.as_status(value text) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN value IS NULL THEN 'scheduled'
        WHEN value ~* 'postpone' THEN 'postponed'
        WHEN value ~* 'suspend' THEN 'suspended'
        WHEN value ~* 'cancel' THEN 'cancelled'
        WHEN value ~* 'forfeit' THEN 'forfeit'
        WHEN value ~* 'final|complete|game over|closed' THEN 'final'
        WHEN value ~* 'delay' THEN 'delayed'
        WHEN value ~* 'progress|live' THEN 'in_progress'
        WHEN value ~* 'pre.?game|warm' THEN 'pre_game'
        ELSE 'scheduled'
    END;

CREATE TEMPORARY TABLE description (
    source text NOT NULL,
    id_source text NOT NULL,
    external_game_id text NOT NULL,
    collected_at timestamptz NOT NULL,
    home_name text NOT NULL,
    away_name text NOT NULL,
    start_at timestamptz,
    game_date date,
    game_number integer,
    status text NOT NULL,
    venue_name text,
    home_score integer,
    away_score integer,
    is_stored boolean NOT NULL DEFAULT false,
    home_team_id bigint,
    away_team_id bigint,
    league_id bigint,
    game_id bigint
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE event (
    id_source text NOT NULL,
    external_game_id text NOT NULL,
    league_id bigint NOT NULL,
    home_team_id bigint NOT NULL,
    away_team_id bigint NOT NULL,
    start_at timestamptz,
    game_date date NOT NULL,
    game_number integer,
    game_id bigint,
    match_method text
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE batch (
    raw_id integer NOT NULL,
    source text NOT NULL,
    id_source text NOT NULL,
    external_game_id text NOT NULL,
    sportsbook_key text,
    market_type text,
    side text,
    line_key text,
    row_key text,
    collected_at timestamptz NOT NULL,
    payload jsonb NOT NULL,
    origin text
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE quote (
    raw_id integer NOT NULL,
    quoted_at timestamptz,
    sportsbook_key text,
    market_key text,
    side_key text,
    line_text text,
    price_text text,
    price_format text NOT NULL,
    record jsonb
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE judged (
    raw_id integer NOT NULL,
    source text NOT NULL,
    external_game_id text NOT NULL,
    sportsbook_key text,
    sportsbook_id bigint,
    game_id bigint,
    game_date date,
    market_type text,
    side text,
    line_value numeric,
    price integer,
    decimal_price numeric,
    quoted_at timestamptz,
    is_in_play boolean,
    reason_code text,
    market_key text,
    line_text text,
    price_text text,
    record jsonb
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE split (
    raw_id integer NOT NULL,
    source text NOT NULL,
    split_at timestamptz,
    sportsbook_key text,
    market_key text,
    line_text text,
    home_or_over_bets text,
    away_or_under_bets text,
    home_or_over_bets_percent text,
    away_or_under_bets_percent text,
    home_or_over_money_percent text,
    away_or_under_money_percent text,
    record jsonb
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE book (
    source text NOT NULL,
    sportsbook_key text NOT NULL,
    sportsbook_id bigint NOT NULL
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE rejection (
    raw_id integer NOT NULL,
    reason_code text NOT NULL,
    reason text NOT NULL,
    record jsonb NOT NULL
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE promoted_game (
    game_id bigint PRIMARY KEY,
    game_date date NOT NULL,
    start_at timestamptz,
    has_moved boolean NOT NULL
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE line (
    game_id bigint NOT NULL,
    game_date date NOT NULL,
    sportsbook_id bigint NOT NULL,
    source text NOT NULL,
    market_type text NOT NULL,
    side text NOT NULL,
    line_value numeric,
    price integer NOT NULL,
    decimal_price numeric NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    quote_count integer NOT NULL,
    is_opening boolean NOT NULL,
    is_closing boolean NOT NULL,
    is_in_play boolean NOT NULL,
    data_quality_score numeric NOT NULL
) ON COMMIT DELETE ROWS;
