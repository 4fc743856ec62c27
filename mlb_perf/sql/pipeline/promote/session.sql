-- What a promoting session needs: conversions that give NULL instead of an
-- error, and the temporary tables of a batch. (pg_input_is_valid would do for
-- the first, but PostgreSQL 15 lacks it.) Patterns name ASCII characters one by
-- one: \s and the like follow the database's locale, and casts do not.

-- The usual spelling of a number. A counted repeat, such as {1,9}, takes a server three times as
-- long to match: the length limits the digits.
CREATE FUNCTION pg_temp.is_usual_number(value text) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN
    length(value) < 10 AND value ~ '^[+-]?[0-9]+(\.[0-9]+)?$';

-- The usual spelling of a moment, 2026-04-05T23:05:00Z, of a day that all months have. Comparing
-- parts takes half the time of a pattern for all of it.
CREATE FUNCTION pg_temp.is_usual_moment(value text) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN
    octet_length(value) = 20 AND value LIKE '20__-__-__T__:__:__Z'
    AND translate(value, '0123456789', '') = '--T::Z'
    AND substr(value, 6, 2) BETWEEN '01' AND '12' AND substr(value, 9, 2) BETWEEN '01' AND '28'
    AND substr(value, 12, 2) < '24' AND substr(value, 15, 2) < '60' AND substr(value, 18, 2) < '60';

-- A number in one spelling: blanks of all kinds gone, Unicode's signs as ASCII
-- has them, halves and quarters as decimals.
CREATE FUNCTION pg_temp.plain(value text) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    replace(replace(replace(
        translate(
            regexp_replace(value, '(^|[-+ \u00a0])1/2$', '\1½'),
            U&'\2212\2010\2011\2012\2013\2014\FE63\FF0D\FF0B\0020\0009\000A\000B\000C\000D\00A0\2002\2003\2004\2005\2006\2007\2008\2009\200A\200B\202F\205F\3000\FEFF',
            '--------+'
        ), '½', '.5'), '¼', '.25'), '¾', '.75');

-- A number as sources write it: 8.5, .5, +1,000, U+2212 110, 8½.
CREATE FUNCTION pg_temp.as_odd_number(value text) RETURNS numeric LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN pg_temp.plain(value) ~ '^[+-]?([0-9]{1,9}(\.[0-9]{0,99})?|\.[0-9]{1,99})$'
        THEN pg_temp.plain(value)::numeric
        WHEN pg_temp.plain(value) ~ '^[+-]?[0-9]{1,3}(,[0-9]{3}){1,2}(\.[0-9]{0,99})?$'
        THEN replace(pg_temp.plain(value), ',', '')::numeric
    END;

CREATE FUNCTION pg_temp.as_number(value text) RETURNS numeric LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN pg_temp.is_usual_number(value) THEN value::numeric
        WHEN value ~ '^[+-]?[0-9]{1,9}(\.[0-9]{1,99})?$' THEN value::numeric
        WHEN value IS NOT NULL THEN pg_temp.as_odd_number(value)
    END;

CREATE FUNCTION pg_temp.as_integer(value text) RETURNS integer LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN value ~ '^[0-9]{1,9}$' THEN value::integer
        WHEN pg_temp.as_number(value) = trunc(pg_temp.as_number(value))
        THEN pg_temp.as_number(value)::integer
    END;

-- Words for a price or a line that is not offered; a text with a digit is a value.
CREATE FUNCTION pg_temp.is_absent(value text) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN value IS NULL THEN true
        WHEN value ~ '[0-9]' THEN false
        ELSE upper(pg_temp.plain(value)) IN (
            '', '-', '--', '---', '.', 'NA', 'N/A', 'N.A.', '#N/A', 'NAN', 'NULL', 'NONE', 'NIL',
            'NL', 'N/L', 'OFF', 'TBD'
        )
    END;

-- Even money, which is +100 or decimal 2; as a handicap the same words are 0.
CREATE FUNCTION pg_temp.is_even(value text) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN
    value !~ '[0-9]' AND upper(pg_temp.plain(value)) IN (
        'EVEN', 'EVENS', 'EV', 'PK', 'PICK', 'PICKEM', 'PICK''EM'
    );

CREATE FUNCTION pg_temp.as_price(value text, price_format text) RETURNS numeric
LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN pg_temp.is_usual_number(value) THEN value::numeric
        WHEN value ~ '^[+-]?[0-9]{1,9}(\.[0-9]{1,99})?$' THEN value::numeric
        WHEN pg_temp.is_even(value) THEN CASE price_format WHEN 'decimal' THEN 2 ELSE 100 END
        WHEN value IS NOT NULL THEN pg_temp.as_odd_number(value)
    END;

-- A handicap or a total: -1.5, PK, o8.5.
CREATE FUNCTION pg_temp.as_line(value text) RETURNS numeric LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN pg_temp.is_usual_number(value) THEN value::numeric
        WHEN value ~ '^[+-]?[0-9]{1,9}(\.[0-9]{1,9})?$' THEN value::numeric
        WHEN pg_temp.is_even(value) THEN 0
        ELSE pg_temp.as_number(regexp_replace(value, '^ *(over|under|o|u) *(?=[0-9.])', '', 'i'))
    END;

CREATE FUNCTION pg_temp.as_percent(value text) RETURNS numeric LANGUAGE sql IMMUTABLE RETURN
    pg_temp.as_number(regexp_replace(value, ' *% *$', ''));

CREATE FUNCTION pg_temp.as_score(value text) RETURNS integer LANGUAGE sql IMMUTABLE RETURN
    CASE WHEN pg_temp.as_integer(value) >= 0 THEN pg_temp.as_integer(value) END;

-- American or decimal, as the prices of one book of one response show together: a
-- price of -100 or less is American, one between 1 and 100 is decimal; NULL if none shows it.
CREATE FUNCTION pg_temp.format_of(prices numeric[]) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    (SELECT CASE
        WHEN min(p) <= -100 THEN 'american'
        WHEN count(*) FILTER (WHERE p > 0 AND p < 100) > 0 THEN 'decimal'
     END FROM unnest(prices) AS p);

-- Decimal odds of a price; NULL for what is no price.
CREATE FUNCTION pg_temp.as_decimal(price numeric, price_format text) RETURNS numeric
LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN price_format = 'decimal' THEN price
        WHEN price_format IS NULL THEN NULL
        WHEN price > 0 THEN 1 + price / 100
        WHEN price < 0 THEN 1 - 100 / price
    END;

-- How far the price of a row of past lines is from even money.
CREATE FUNCTION pg_temp.from_even(payload jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE RETURN
    coalesce(abs(2 - pg_temp.as_decimal(
        pg_temp.as_price(payload ->> 'price', payload ->> 'prices'), payload ->> 'prices'
    )), 'Infinity');

-- A time without a zone is UTC, which is the session's zone.
CREATE FUNCTION pg_temp.as_moment(value text) RETURNS timestamptz LANGUAGE sql STABLE RETURN
    CASE
        WHEN pg_temp.is_usual_moment(value) THEN value::timestamptz
        WHEN value !~ '^(18|19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?$'
        THEN NULL
        WHEN substr(value, 9, 2)::integer > extract(
            day FROM (substr(value, 1, 7) || '-01')::date + interval '1 month - 1 day'
        )
        THEN NULL
        ELSE value::timestamptz
    END;

-- The same, or seconds (or milliseconds) since 1970.
CREATE FUNCTION pg_temp.as_unix_or_moment(value text) RETURNS timestamptz LANGUAGE sql STABLE
RETURN
    CASE
        WHEN pg_temp.is_usual_moment(value) THEN value::timestamptz
        WHEN value ~ '^[0-9]{10}$' THEN to_timestamp(value::bigint)
        WHEN value ~ '^[0-9]{13}$' THEN to_timestamp(value::bigint / 1000.0)
        ELSE pg_temp.as_moment(value)
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

-- A name without case, dots, outer blanks and repeated ones; a no-break space is a blank.
CREATE FUNCTION pg_temp.folded(value text) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    btrim(regexp_replace(
        translate(lower(value), U&'\00A0\2007\202F\0009.\2019', '     '''), ' {2,}', ' ', 'g'
    ));

-- A team's name without what some files write after it: (Game 2), (G1), - J Ryan.
CREATE FUNCTION pg_temp.team_name(value text) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    regexp_replace(
        pg_temp.folded(value), '( ?\((game|gm|g) ?[0-9]\)| - [a-z] [^ ]+)$', ''
    );

-- The code of a league by a feed's word for it: NBA, basketball_nba, baseball_mlb_preseason.
CREATE FUNCTION pg_temp.league_code(value text) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN btrim(value) = '' THEN NULL
        WHEN value ~ '^[a-z]+_[a-z]' THEN upper(left(split_part(value, '_', 2), 8))
        ELSE upper(left(btrim(value), 8))
    END;

-- Why no game is known by this id: what its last description lacks.
CREATE FUNCTION pg_temp.why_unknown(source text, id_source text, external_game_id text)
RETURNS text LANGUAGE sql STABLE RETURN
    coalesce((
        SELECT CASE WHEN s.validation_errors ->> 1 IN ('bad_time', 'ambiguous_team')
            THEN s.validation_errors ->> 1 END
        FROM staging.games AS s
        WHERE s.external_game_id = why_unknown.external_game_id
          AND s.source = left(why_unknown.source, 32) AND s.game_id IS NULL
        ORDER BY s.collected_at DESC
        LIMIT 1
    ), 'unknown_game');

-- The server's own words, where it refused the description of a game.
CREATE FUNCTION pg_temp.refusal(source text, external_game_id text)
RETURNS text LANGUAGE sql STABLE RETURN (
    SELECT '; ' || (s.validation_errors ->> 3)
    FROM staging.games AS s
    WHERE s.external_game_id = refusal.external_game_id AND s.source = left(refusal.source, 32)
      AND s.game_id IS NULL AND s.validation_errors ->> 1 = 'refused_by_server'
    ORDER BY s.collected_at DESC
    LIMIT 1
);

-- A quote as a sentence, for the reason of its rejection.
CREATE FUNCTION pg_temp.as_words(
    market_key text, side text, line_text text, price_text text, sportsbook_key text,
    external_game_id text
) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    format('market %s, side %s, line %s, price %s at %s of game %s',
        coalesce(market_key, 'none'), coalesce(side, 'none'), coalesce(line_text, 'none'),
        coalesce(price_text, 'none'), coalesce(nullif(sportsbook_key, ''), 'no sportsbook'),
        external_game_id);

-- The statuses of all feeds, by ours; ``abstract`` is the feed's own class of them, which is
-- believed where the text is a new one.
CREATE FUNCTION pg_temp.as_status(value text, abstract text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN
    CASE
        WHEN value ~* 'postpone' THEN 'postponed'
        WHEN value ~* 'suspend' THEN 'suspended'
        WHEN value ~* 'cancel' THEN 'cancelled'
        WHEN value ~* 'forfeit' THEN 'forfeit'
        WHEN value ~* 'final|complete|game over|closed|^ *ft? *(/ *[0-9a-z]+ *)?$' THEN 'final'
        WHEN value ~* 'delay' THEN 'delayed'
        WHEN value ~* 'progress|live' THEN 'in_progress'
        WHEN value ~* 'pre.?game|warm' THEN 'pre_game'
        WHEN abstract ~* 'final' THEN 'final'
        WHEN abstract ~* 'live' THEN 'in_progress'
        ELSE 'scheduled'
    END;

-- StatsAPI's letters and the words of others.
CREATE FUNCTION pg_temp.as_game_type(value text) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN value ~* '^(s|spring.*)$' THEN 'spring'
        WHEN value ~* '^(e|i|x|exhibition)$' THEN 'exhibition'
        WHEN value ~* '^(a|all.?star.*)$' THEN 'all_star'
        WHEN value ~* '^(f|d|l|w|c|p|post.?season|playoffs?)$' THEN 'postseason'
        WHEN value ~* '^(r|regular.*)$' THEN 'regular'
    END;

-- What rows say of their games, numbered in the order of each game's moments.
CREATE TEMPORARY TABLE told_change (
    raw_table text NOT NULL,
    place bigint NOT NULL,
    is_change boolean NOT NULL,
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
    first_pitch_at timestamptz,
    moved_from_at timestamptz,
    game_type text,
    home_pitcher text,
    away_pitcher text,
    league text
) ON COMMIT DELETE ROWS;

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
    first_pitch_at timestamptz,
    moved_from_at timestamptz,
    game_type text,
    home_pitcher text,
    away_pitcher text,
    league text,
    fault text,
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
    first_at timestamptz NOT NULL,
    is_schedule boolean NOT NULL,
    is_turned boolean NOT NULL DEFAULT false,
    game_id bigint,
    match_method text
) ON COMMIT DELETE ROWS;

-- Ids that belong to another game of their day than the one that they were matched to.
CREATE TEMPORARY TABLE rematched (
    source text NOT NULL,
    external_game_id text NOT NULL,
    game_id_before bigint NOT NULL,
    game_id bigint NOT NULL
) ON COMMIT DELETE ROWS;

-- Games that the schedule has with the sides the other way around.
CREATE TEMPORARY TABLE turned (game_id bigint NOT NULL) ON COMMIT DELETE ROWS;

-- Whether two ids of a source are names of one game: their starts are within an hour of each other,
-- and they did not come together, as those of a doubleheader do.
CREATE FUNCTION pg_temp.is_renamed(
    start_at timestamptz, first_at timestamptz, other_start_at timestamptz, other_first_at timestamptz
) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN
    coalesce(
        abs(extract(epoch FROM start_at - other_start_at)) <= 3600
            AND abs(extract(epoch FROM first_at - other_first_at)) > 900,
        false
    );

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

-- The whole batch, kept while a part of it is tried.
CREATE TEMPORARY TABLE claimed (LIKE batch) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE quote (
    raw_id integer NOT NULL,
    quoted_at timestamptz,
    sportsbook_key text,
    market_key text,
    side_key text,
    line_text text,
    price_text text,
    price_format text,
    moment_kind text,
    record jsonb,
    outcome jsonb,
    last_update text
) ON COMMIT DELETE ROWS;

-- The record of a quote. That of an outcome with its market is made for the few that are rejected.
CREATE FUNCTION pg_temp.record_of(quote pg_temp.quote) RETURNS jsonb LANGUAGE sql IMMUTABLE RETURN
    coalesce((quote).record, jsonb_build_object(
        'market', (quote).market_key, 'last_update', (quote).last_update, 'outcome', (quote).outcome
    ));

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
    is_unusual boolean,
    reason_code text,
    moment_kind text,
    quote_place tid NOT NULL
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

CREATE TEMPORARY TABLE judged_split (
    raw_id integer NOT NULL,
    source text NOT NULL,
    external_game_id text NOT NULL,
    sportsbook_key text,
    sportsbook_id bigint,
    game_id bigint,
    game_date date,
    market_type text,
    line_value numeric,
    split_at timestamptz,
    home_bets integer,
    away_bets integer,
    home_bets_percent numeric,
    away_bets_percent numeric,
    home_money_percent numeric,
    away_money_percent numeric,
    are_fractions boolean,
    reason_code text,
    told text,
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
    has_moved boolean NOT NULL,
    late_paths jsonb
) ON COMMIT DELETE ROWS;

-- All games that were claimed, kept while a part of them is tried.
CREATE TEMPORARY TABLE claimed_game (LIKE promoted_game) ON COMMIT DELETE ROWS;

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
