-- Leagues; teams and games belong to one.

CREATE TABLE curated.leagues (
    league_id BIGSERIAL NOT NULL,
    code VARCHAR(8) NOT NULL,
    name VARCHAR(64) NOT NULL,
    sport VARCHAR(32) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_leagues PRIMARY KEY (league_id),
    CONSTRAINT uq_leagues_code UNIQUE (code)
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
COMMENT ON COLUMN curated.leagues.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN curated.leagues.updated_at IS
    'When the row was last changed, UTC; set by the writer';
