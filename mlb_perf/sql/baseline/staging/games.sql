-- One game as one source describes it at one moment.

CREATE TABLE staging.games (
    external_game_id VARCHAR(64) NOT NULL,
    staging_game_id BIGSERIAL NOT NULL,
    source VARCHAR(32) NOT NULL,
    home_team_name VARCHAR(96) NOT NULL,
    away_team_name VARCHAR(96) NOT NULL,
    home_team_id BIGINT,
    away_team_id BIGINT,
    scheduled_start_at TIMESTAMP WITH TIME ZONE,
    game_number INTEGER DEFAULT '1' NOT NULL,
    status VARCHAR(16) DEFAULT 'scheduled' NOT NULL,
    first_pitch_at TIMESTAMP WITH TIME ZONE,
    moved_from_at TIMESTAMP WITH TIME ZONE,
    game_type VARCHAR(16),
    venue_name VARCHAR(96),
    home_starting_pitcher VARCHAR(96),
    away_starting_pitcher VARCHAR(96),
    home_score INTEGER,
    away_score INTEGER,
    game_id BIGINT,
    game_date DATE,
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    data_quality_score NUMERIC(4, 3) DEFAULT '0' NOT NULL,
    validation_status VARCHAR(16) DEFAULT 'pending' NOT NULL,
    validation_errors JSONB,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_games PRIMARY KEY (external_game_id, staging_game_id),
    CONSTRAINT uq_games_natural_key UNIQUE (external_game_id, source, collected_at),
    CONSTRAINT ck_games_home_is_not_away CHECK (home_team_id <> away_team_id),
    CONSTRAINT ck_games_status CHECK (status IN ('scheduled', 'pre_game', 'in_progress', 'delayed', 'suspended', 'postponed', 'cancelled', 'final', 'forfeit')),
    CONSTRAINT ck_games_game_type CHECK (game_type IN ('spring', 'exhibition', 'regular', 'all_star', 'postseason')),
    CONSTRAINT ck_games_game_number CHECK (game_number >= 1),
    CONSTRAINT ck_games_scores CHECK (home_score >= 0 AND away_score >= 0 AND (home_score IS NULL) = (away_score IS NULL)),
    CONSTRAINT ck_games_data_quality_score CHECK (data_quality_score BETWEEN 0 AND 1),
    CONSTRAINT ck_games_validation_status CHECK (validation_status IN ('pending', 'valid', 'suspect', 'invalid'))
);

COMMENT ON TABLE staging.games IS 'One game as one source describes it at one moment';
COMMENT ON COLUMN staging.games.external_game_id IS
    'The source''s own id of the game, as text';
COMMENT ON COLUMN staging.games.staging_game_id IS
    'Surrogate id';
COMMENT ON COLUMN staging.games.source IS
    'The feed: odds_api, action_network, sbd, vsin, mlb_stats_api, ...';
COMMENT ON COLUMN staging.games.home_team_name IS
    'The home team in the source''s spelling';
COMMENT ON COLUMN staging.games.away_team_name IS
    'The away team in the source''s spelling';
COMMENT ON COLUMN staging.games.home_team_id IS
    'curated.teams.team_id once resolved; NULL until then';
COMMENT ON COLUMN staging.games.away_team_id IS
    'curated.teams.team_id once resolved; NULL until then';
COMMENT ON COLUMN staging.games.scheduled_start_at IS
    'Scheduled start, UTC';
COMMENT ON COLUMN staging.games.game_number IS
    '1; 2 and up for a later game of the same teams on that day';
COMMENT ON COLUMN staging.games.status IS
    'scheduled, in_progress, final, postponed, ...';
COMMENT ON COLUMN staging.games.first_pitch_at IS
    'First pitch, UTC; NULL before it, or where the source does not say';
COMMENT ON COLUMN staging.games.moved_from_at IS
    'The start that the game was rescheduled or resumed from, UTC; NULL if it was not';
COMMENT ON COLUMN staging.games.game_type IS
    'spring, exhibition, regular, all_star, postseason; NULL where not said';
COMMENT ON COLUMN staging.games.venue_name IS
    'The venue in the source''s spelling';
COMMENT ON COLUMN staging.games.home_starting_pitcher IS
    'Listed starting pitcher of the home team; NULL until listed';
COMMENT ON COLUMN staging.games.away_starting_pitcher IS
    'Listed starting pitcher of the away team; NULL until listed';
COMMENT ON COLUMN staging.games.home_score IS
    'Runs of the home team; NULL before play';
COMMENT ON COLUMN staging.games.away_score IS
    'Runs of the away team; NULL before play';
COMMENT ON COLUMN staging.games.game_id IS
    'curated.enhanced_games.game_id once the game is resolved; NULL until then';
COMMENT ON COLUMN staging.games.game_date IS
    'Official date of the game in its venue''s time zone; NULL until resolved';
COMMENT ON COLUMN staging.games.collected_at IS
    'The moment at which the source said it, UTC';
COMMENT ON COLUMN staging.games.data_quality_score IS
    '0 (useless) to 1 (complete and consistent)';
COMMENT ON COLUMN staging.games.validation_status IS
    'pending, valid, suspect or invalid';
COMMENT ON COLUMN staging.games.validation_errors IS
    'The rules that the row broke, as an array of rule names; NULL if none';
COMMENT ON COLUMN staging.games.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN staging.games.updated_at IS
    'When the row was last changed, UTC; set by the writer';

CREATE INDEX ix_games_external_game_id ON staging.games (external_game_id);
CREATE INDEX ix_games_source ON staging.games (source);
CREATE INDEX ix_games_home_team_id ON staging.games (home_team_id);
CREATE INDEX ix_games_away_team_id ON staging.games (away_team_id);
CREATE INDEX ix_games_scheduled_start_at ON staging.games (scheduled_start_at);
CREATE INDEX ix_games_status ON staging.games (status);
CREATE INDEX ix_games_game_id ON staging.games (game_id);
CREATE INDEX ix_games_game_date ON staging.games (game_date);
CREATE INDEX ix_games_collected_at ON staging.games (collected_at);
CREATE INDEX ix_games_data_quality_score ON staging.games (data_quality_score);
CREATE INDEX ix_games_validation_status ON staging.games (validation_status);
