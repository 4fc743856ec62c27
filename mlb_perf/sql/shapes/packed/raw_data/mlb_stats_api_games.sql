-- MLB StatsAPI: one game of the schedule, status and score, at one moment.
-- table
CREATE TABLE raw_data.mlb_stats_api_games (
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ingested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    external_game_id VARCHAR(64) NOT NULL,
    origin VARCHAR(255),
    payload JSONB NOT NULL,
    CONSTRAINT pk_mlb_stats_api_games PRIMARY KEY (external_game_id, collected_at)
);

COMMENT ON TABLE raw_data.mlb_stats_api_games IS 'MLB StatsAPI: one game of the schedule, status and score, at one moment';
COMMENT ON COLUMN raw_data.mlb_stats_api_games.collected_at IS
    'The moment at which the source said this, UTC';
COMMENT ON COLUMN raw_data.mlb_stats_api_games.ingested_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN raw_data.mlb_stats_api_games.processed_at IS
    'When the row was promoted or rejected, UTC; NULL is hot: still to be done';
COMMENT ON COLUMN raw_data.mlb_stats_api_games.external_game_id IS
    'The source''s own id of the game, as text';
COMMENT ON COLUMN raw_data.mlb_stats_api_games.origin IS
    'File and line, or URL, that the record came from';
COMMENT ON COLUMN raw_data.mlb_stats_api_games.payload IS
    'The record as it was received';

-- indexes
CREATE INDEX ix_mlb_stats_api_games_hot ON raw_data.mlb_stats_api_games USING btree (collected_at) WHERE processed_at IS NULL;
CREATE INDEX ix_mlb_stats_api_games_payload ON raw_data.mlb_stats_api_games USING gin (payload jsonb_path_ops);

-- foreign keys
