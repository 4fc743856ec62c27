-- Action Network: one game, its teams, start and status, at one moment.
-- table
CREATE TABLE raw_data.action_network_games (
    external_game_id VARCHAR(64) NOT NULL,
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    payload JSONB NOT NULL,
    origin VARCHAR(255),
    ingested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_action_network_games PRIMARY KEY (external_game_id, collected_at)
);
