-- Action Network: the line history of one game at one book, as of one moment.
-- table
CREATE TABLE raw_data.action_network_history (
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ingested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    external_game_id VARCHAR(64) NOT NULL,
    sportsbook_key VARCHAR(64) NOT NULL,
    origin VARCHAR(255),
    payload JSONB NOT NULL,
    CONSTRAINT pk_action_network_history PRIMARY KEY (external_game_id, sportsbook_key, collected_at)
);

COMMENT ON TABLE raw_data.action_network_history IS 'Action Network: the line history of one game at one book, as of one moment';
COMMENT ON COLUMN raw_data.action_network_history.collected_at IS
    'The moment at which the source said this, UTC';
COMMENT ON COLUMN raw_data.action_network_history.ingested_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN raw_data.action_network_history.processed_at IS
    'When the row was promoted or rejected, UTC; NULL is hot: still to be done';
COMMENT ON COLUMN raw_data.action_network_history.external_game_id IS
    'The source''s own id of the game, as text';
COMMENT ON COLUMN raw_data.action_network_history.sportsbook_key IS
    'The source''s own key of the sportsbook, as text';
COMMENT ON COLUMN raw_data.action_network_history.origin IS
    'File and line, or URL, that the record came from';
COMMENT ON COLUMN raw_data.action_network_history.payload IS
    'The record as it was received';

-- indexes
CREATE INDEX ix_action_network_history_hot ON raw_data.action_network_history USING btree (collected_at) WHERE processed_at IS NULL;

-- foreign keys
