-- Results of games: a file's row, or a line of a Retrosheet game log.
-- table
CREATE TABLE raw_data.game_results (
    external_game_id VARCHAR(64) NOT NULL,
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    source VARCHAR(32) NOT NULL,
    payload JSONB NOT NULL,
    origin VARCHAR(255),
    ingested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_game_results PRIMARY KEY (external_game_id, collected_at, source)
);
