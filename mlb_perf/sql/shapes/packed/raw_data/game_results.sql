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

COMMENT ON TABLE raw_data.game_results IS 'Results of games: a file''s row, or a line of a Retrosheet game log';
COMMENT ON COLUMN raw_data.game_results.collected_at IS
    'The moment at which the source said this, UTC';
COMMENT ON COLUMN raw_data.game_results.ingested_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN raw_data.game_results.processed_at IS
    'When the row was promoted or rejected, UTC; NULL is hot: still to be done';
COMMENT ON COLUMN raw_data.game_results.external_game_id IS
    'The source''s own id of the game, as text';
COMMENT ON COLUMN raw_data.game_results.source IS
    'The kind of file: game_results or retrosheet';
COMMENT ON COLUMN raw_data.game_results.origin IS
    'File and line, or URL, that the record came from';
COMMENT ON COLUMN raw_data.game_results.payload IS
    'The record as it was received';

-- indexes
CREATE INDEX ix_game_results_hot ON raw_data.game_results USING btree (collected_at) WHERE processed_at IS NULL;

-- foreign keys
