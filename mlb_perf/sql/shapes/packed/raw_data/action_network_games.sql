-- Action Network: one game, its teams, start and status, at one moment.
-- table
CREATE TABLE raw_data.action_network_games (
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ingested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    external_game_id VARCHAR(64) NOT NULL,
    origin VARCHAR(255),
    payload JSONB NOT NULL,
    CONSTRAINT pk_action_network_games PRIMARY KEY (external_game_id, collected_at)
);
