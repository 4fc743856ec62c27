-- MLB StatsAPI: one game of the schedule, status and score, at one moment.
-- table
CREATE TABLE raw_data.mlb_stats_api_games (
    external_game_id VARCHAR(64) NOT NULL,
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    payload JSONB NOT NULL,
    origin VARCHAR(255),
    ingested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_mlb_stats_api_games PRIMARY KEY (external_game_id, collected_at)
);
