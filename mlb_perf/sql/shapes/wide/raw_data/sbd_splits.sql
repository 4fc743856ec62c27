-- SportsBettingDime: lines and splits of one game at one book at one moment.
-- table
CREATE TABLE raw_data.sbd_splits (
    external_game_id VARCHAR(64) NOT NULL,
    sportsbook_key VARCHAR(64) NOT NULL,
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    payload JSONB NOT NULL,
    origin VARCHAR(255),
    ingested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_sbd_splits PRIMARY KEY (external_game_id, sportsbook_key, collected_at)
);
