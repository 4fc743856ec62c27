-- Games, one row each: league, teams, venue, start, status with its history.

CREATE TABLE curated.enhanced_games (
    game_id BIGSERIAL NOT NULL,
    league_id BIGINT NOT NULL,
    season INTEGER NOT NULL,
    game_pk BIGINT,
    game_date DATE NOT NULL,
    game_number INTEGER DEFAULT '1' NOT NULL,
    game_type VARCHAR(16) DEFAULT 'regular' NOT NULL,
    original_start_at TIMESTAMP WITH TIME ZONE,
    scheduled_start_at TIMESTAMP WITH TIME ZONE,
    actual_start_at TIMESTAMP WITH TIME ZONE,
    venue_id BIGINT,
    home_team_id BIGINT NOT NULL,
    away_team_id BIGINT NOT NULL,
    home_starting_pitcher VARCHAR(96),
    away_starting_pitcher VARCHAR(96),
    status VARCHAR(16) DEFAULT 'scheduled' NOT NULL,
    status_history JSONB DEFAULT '[]' NOT NULL,
    home_score INTEGER,
    away_score INTEGER,
    data_quality_score NUMERIC(4, 3) DEFAULT '0' NOT NULL,
    is_ml_ready BOOLEAN DEFAULT 'false' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_enhanced_games PRIMARY KEY (game_id),
    CONSTRAINT ck_enhanced_games_home_is_not_away CHECK (home_team_id <> away_team_id),
    CONSTRAINT ck_enhanced_games_game_number CHECK (game_number >= 1),
    CONSTRAINT ck_enhanced_games_status CHECK (status IN ('scheduled', 'pre_game', 'in_progress', 'delayed', 'suspended', 'postponed', 'cancelled', 'final', 'forfeit')),
    CONSTRAINT ck_enhanced_games_game_type CHECK (game_type IN ('spring', 'exhibition', 'regular', 'all_star', 'postseason')),
    CONSTRAINT ck_enhanced_games_scores CHECK (home_score >= 0 AND away_score >= 0 AND (home_score IS NULL) = (away_score IS NULL)),
    CONSTRAINT ck_enhanced_games_data_quality_score CHECK (data_quality_score BETWEEN 0 AND 1),
    CONSTRAINT ck_enhanced_games_season CHECK (season BETWEEN 1800 AND 2999),
    CONSTRAINT fk_enhanced_games_league_id FOREIGN KEY(league_id) REFERENCES curated.leagues (league_id),
    CONSTRAINT fk_enhanced_games_venue_id FOREIGN KEY(venue_id) REFERENCES curated.venues (venue_id),
    CONSTRAINT fk_enhanced_games_home_team_id FOREIGN KEY(home_team_id) REFERENCES curated.teams (team_id),
    CONSTRAINT fk_enhanced_games_away_team_id FOREIGN KEY(away_team_id) REFERENCES curated.teams (team_id)
);

COMMENT ON TABLE curated.enhanced_games IS 'Games, one row each: league, teams, venue, start, status with its history';
COMMENT ON COLUMN curated.enhanced_games.game_id IS
    'Surrogate id';
COMMENT ON COLUMN curated.enhanced_games.league_id IS
    'The league';
COMMENT ON COLUMN curated.enhanced_games.season IS
    'Season, the year in which it begins';
COMMENT ON COLUMN curated.enhanced_games.game_pk IS
    'MLB StatsAPI''s id of the game; NULL until that source has named it';
COMMENT ON COLUMN curated.enhanced_games.game_date IS
    'Official date, in the venue''s time zone; a game that is made up later moves to that day';
COMMENT ON COLUMN curated.enhanced_games.game_number IS
    '1; 2 and up for a later game of the same teams on that day';
COMMENT ON COLUMN curated.enhanced_games.game_type IS
    'spring, exhibition, regular, all_star or postseason; regular where no source says';
COMMENT ON COLUMN curated.enhanced_games.original_start_at IS
    'Start as first scheduled, UTC; NULL where no source says';
COMMENT ON COLUMN curated.enhanced_games.scheduled_start_at IS
    'Start as scheduled now, UTC; NULL where no source says';
COMMENT ON COLUMN curated.enhanced_games.actual_start_at IS
    'First pitch, or the start that a delay moved it to, UTC; NULL where no source says';
COMMENT ON COLUMN curated.enhanced_games.venue_id IS
    'The venue; NULL until known';
COMMENT ON COLUMN curated.enhanced_games.home_team_id IS
    'The home team';
COMMENT ON COLUMN curated.enhanced_games.away_team_id IS
    'The away team';
COMMENT ON COLUMN curated.enhanced_games.home_starting_pitcher IS
    'Listed starting pitcher of the home team; NULL until listed';
COMMENT ON COLUMN curated.enhanced_games.away_starting_pitcher IS
    'Listed starting pitcher of the away team; NULL until listed';
COMMENT ON COLUMN curated.enhanced_games.status IS
    'scheduled, in_progress, final, postponed, ...';
COMMENT ON COLUMN curated.enhanced_games.status_history IS
    'Array of {status, at}: each status and since when, UTC';
COMMENT ON COLUMN curated.enhanced_games.home_score IS
    'Runs of the home team; NULL before play';
COMMENT ON COLUMN curated.enhanced_games.away_score IS
    'Runs of the away team; NULL before play';
COMMENT ON COLUMN curated.enhanced_games.data_quality_score IS
    '0 (useless) to 1 (complete and consistent)';
COMMENT ON COLUMN curated.enhanced_games.is_ml_ready IS
    'Whether teams, start, lines and result suffice for training';
COMMENT ON COLUMN curated.enhanced_games.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN curated.enhanced_games.updated_at IS
    'When the row was last changed, UTC; set by the writer';

CREATE INDEX ix_enhanced_games_league_id ON curated.enhanced_games (league_id);
CREATE INDEX ix_enhanced_games_season ON curated.enhanced_games (season);
CREATE INDEX ix_enhanced_games_game_pk ON curated.enhanced_games (game_pk);
CREATE INDEX ix_enhanced_games_game_date ON curated.enhanced_games (game_date);
CREATE INDEX ix_enhanced_games_scheduled_start_at ON curated.enhanced_games (scheduled_start_at);
CREATE INDEX ix_enhanced_games_venue_id ON curated.enhanced_games (venue_id);
CREATE INDEX ix_enhanced_games_home_team_id ON curated.enhanced_games (home_team_id);
CREATE INDEX ix_enhanced_games_away_team_id ON curated.enhanced_games (away_team_id);
CREATE INDEX ix_enhanced_games_status ON curated.enhanced_games (status);
CREATE INDEX ix_enhanced_games_data_quality_score ON curated.enhanced_games (data_quality_score);
CREATE INDEX ix_enhanced_games_is_ml_ready ON curated.enhanced_games (is_ml_ready);
CREATE INDEX ix_enhanced_games_updated_at ON curated.enhanced_games (updated_at);
