-- Teams; staging.team_aliases holds their other spellings.

CREATE TABLE curated.teams (
    team_id BIGSERIAL NOT NULL,
    league_id BIGINT NOT NULL,
    abbreviation VARCHAR(8) NOT NULL,
    name VARCHAR(64) NOT NULL,
    location VARCHAR(64) NOT NULL,
    nickname VARCHAR(64) NOT NULL,
    conference VARCHAR(8) NOT NULL,
    division VARCHAR(16) NOT NULL,
    home_venue_id BIGINT,
    statsapi_team_id BIGINT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_teams PRIMARY KEY (team_id),
    CONSTRAINT uq_teams_abbreviation UNIQUE (league_id, abbreviation),
    CONSTRAINT uq_teams_statsapi_team_id UNIQUE (league_id, statsapi_team_id),
    CONSTRAINT fk_teams_league_id FOREIGN KEY(league_id) REFERENCES curated.leagues (league_id),
    CONSTRAINT fk_teams_home_venue_id FOREIGN KEY(home_venue_id) REFERENCES curated.venues (venue_id)
);

COMMENT ON TABLE curated.teams IS 'Teams; staging.team_aliases holds their other spellings';
COMMENT ON COLUMN curated.teams.team_id IS
    'Surrogate id';
COMMENT ON COLUMN curated.teams.league_id IS
    'The league that the team plays in';
COMMENT ON COLUMN curated.teams.abbreviation IS
    'Code in today''s MLB StatsAPI';
COMMENT ON COLUMN curated.teams.name IS
    'Full name, e.g. New York Yankees';
COMMENT ON COLUMN curated.teams.location IS
    'City or state in its name, e.g. New York';
COMMENT ON COLUMN curated.teams.nickname IS
    'Name without the location, e.g. Yankees';
COMMENT ON COLUMN curated.teams.conference IS
    'AL or NL';
COMMENT ON COLUMN curated.teams.division IS
    'East, Central, West; none: all-star';
COMMENT ON COLUMN curated.teams.home_venue_id IS
    'The venue of its home games';
COMMENT ON COLUMN curated.teams.statsapi_team_id IS
    'MLB StatsAPI''s id of the team';
COMMENT ON COLUMN curated.teams.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN curated.teams.updated_at IS
    'When the row was last changed, UTC; set by the writer';

CREATE INDEX ix_teams_home_venue_id ON curated.teams (home_venue_id);
