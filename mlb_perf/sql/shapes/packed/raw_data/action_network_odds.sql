-- Action Network: odds of one game at one book at one moment.
-- table
CREATE TABLE raw_data.action_network_odds (
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ingested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    external_game_id VARCHAR(64) NOT NULL,
    sportsbook_key VARCHAR(64) NOT NULL,
    origin VARCHAR(255),
    payload JSONB NOT NULL,
    CONSTRAINT pk_action_network_odds PRIMARY KEY (external_game_id, sportsbook_key, collected_at)
);
