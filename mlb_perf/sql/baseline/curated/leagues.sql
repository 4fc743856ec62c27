-- Leagues; teams and games belong to one.

CREATE TABLE curated.leagues (
    league_id BIGSERIAL NOT NULL,
    code VARCHAR(8) NOT NULL,
    name VARCHAR(64) NOT NULL,
    sport VARCHAR(32) NOT NULL,
    first_season INTEGER,
    season_month INTEGER DEFAULT '1' NOT NULL,
    years_ahead INTEGER,
    games_a_day INTEGER,
    largest_score INTEGER,
    largest_spread NUMERIC(6, 1),
    largest_total NUMERIC(6, 1),
    usual_spread NUMERIC(6, 1),
    usual_total_from NUMERIC(6, 1),
    usual_total_to NUMERIC(6, 1),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_leagues PRIMARY KEY (league_id),
    CONSTRAINT uq_leagues_code UNIQUE (code),
    CONSTRAINT ck_leagues_season_month CHECK (season_month BETWEEN 1 AND 12)
);

COMMENT ON TABLE curated.leagues IS 'Leagues; teams and games belong to one';
COMMENT ON COLUMN curated.leagues.league_id IS
    'Surrogate id';
COMMENT ON COLUMN curated.leagues.code IS
    'Short name, e.g. MLB';
COMMENT ON COLUMN curated.leagues.name IS
    'Full name';
COMMENT ON COLUMN curated.leagues.sport IS
    'The sport, e.g. baseball';
COMMENT ON COLUMN curated.leagues.first_season IS
    'Year of the first season; no game starts before it';
COMMENT ON COLUMN curated.leagues.season_month IS
    'Month in which a season begins, 1 to 12';
COMMENT ON COLUMN curated.leagues.years_ahead IS
    'How many years ahead of now a start can be';
COMMENT ON COLUMN curated.leagues.games_a_day IS
    'Most games of two teams on a day; a higher number of a game is not believed';
COMMENT ON COLUMN curated.leagues.largest_score IS
    'Highest score of a side; a higher one is none';
COMMENT ON COLUMN curated.leagues.largest_spread IS
    'Largest handicap; quotes beyond it are rejected';
COMMENT ON COLUMN curated.leagues.largest_total IS
    'Largest total; quotes beyond it are rejected';
COMMENT ON COLUMN curated.leagues.usual_spread IS
    'Handicap of nearly all games; NULL where it differs by game';
COMMENT ON COLUMN curated.leagues.usual_total_from IS
    'Totals below it are unusual: lower quality';
COMMENT ON COLUMN curated.leagues.usual_total_to IS
    'Totals above it are unusual: lower quality';
COMMENT ON COLUMN curated.leagues.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN curated.leagues.updated_at IS
    'When the row was last changed, UTC; set by the writer';
