-- Results of games: a file's row, or a line of a Retrosheet game log.
-- table
CREATE TABLE raw_data.game_results (
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ingested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    external_game_id VARCHAR(64) NOT NULL,
    source VARCHAR(32) NOT NULL,
    origin VARCHAR(255),
    payload JSONB NOT NULL,
    CONSTRAINT pk_game_results PRIMARY KEY (external_game_id, collected_at, source)
);
