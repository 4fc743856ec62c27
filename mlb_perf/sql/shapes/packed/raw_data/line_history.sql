-- Files of past lines: one row of a game, book and market, columns renamed.
-- table
CREATE TABLE raw_data.line_history (
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ingested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    external_game_id VARCHAR(64) NOT NULL,
    sportsbook_key VARCHAR(64) NOT NULL,
    market_type VARCHAR(16) NOT NULL,
    source VARCHAR(32) NOT NULL,
    origin VARCHAR(255),
    payload JSONB NOT NULL,
    CONSTRAINT pk_line_history PRIMARY KEY (external_game_id, sportsbook_key, market_type, collected_at, source),
    CONSTRAINT ck_line_history_market_type CHECK (market_type IN ('moneyline', 'spread', 'total', 'all'))
);

COMMENT ON TABLE raw_data.line_history IS 'Files of past lines: one row of a game, book and market, columns renamed';
COMMENT ON COLUMN raw_data.line_history.collected_at IS
    'The moment at which the source said this, UTC';
COMMENT ON COLUMN raw_data.line_history.ingested_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN raw_data.line_history.processed_at IS
    'When the row was promoted or rejected, UTC; NULL is hot: still to be done';
COMMENT ON COLUMN raw_data.line_history.external_game_id IS
    'The source''s own id of the game, as text';
COMMENT ON COLUMN raw_data.line_history.sportsbook_key IS
    'The source''s own key of the sportsbook, as text';
COMMENT ON COLUMN raw_data.line_history.market_type IS
    'moneyline, spread or total; all where the row holds every market';
COMMENT ON COLUMN raw_data.line_history.source IS
    'What the loader called the file';
COMMENT ON COLUMN raw_data.line_history.origin IS
    'File and line, or URL, that the record came from';
COMMENT ON COLUMN raw_data.line_history.payload IS
    'The record as it was received';

-- indexes
CREATE INDEX ix_line_history_hot ON raw_data.line_history USING btree (collected_at) WHERE processed_at IS NULL;

-- foreign keys
