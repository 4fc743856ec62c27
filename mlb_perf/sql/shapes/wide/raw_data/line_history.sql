-- Files of past lines: one row of a game, book, market, side and line, columns renamed.
-- table
CREATE TABLE raw_data.line_history (
    external_game_id VARCHAR(64) NOT NULL,
    sportsbook_key VARCHAR(64) NOT NULL,
    market_type VARCHAR(16) NOT NULL,
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    side VARCHAR(16) NOT NULL,
    line_key VARCHAR(32) NOT NULL,
    source VARCHAR(32) NOT NULL,
    payload JSONB NOT NULL,
    origin VARCHAR(255),
    ingested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_line_history PRIMARY KEY (external_game_id, sportsbook_key, market_type, collected_at, side, line_key, source),
    CONSTRAINT ck_line_history_market_type CHECK (market_type IN ('moneyline', 'spread', 'total', 'all')),
    CONSTRAINT ck_line_history_side CHECK (side IN ('home', 'away', 'over', 'under', 'all'))
);

COMMENT ON TABLE raw_data.line_history IS 'Files of past lines: one row of a game, book, market, side and line, columns renamed';
COMMENT ON COLUMN raw_data.line_history.external_game_id IS
    'The source''s own id of the game, as text';
COMMENT ON COLUMN raw_data.line_history.sportsbook_key IS
    'The source''s own key of the sportsbook, as text';
COMMENT ON COLUMN raw_data.line_history.market_type IS
    'moneyline, spread or total; all where the row holds every market';
COMMENT ON COLUMN raw_data.line_history.collected_at IS
    'The moment at which the source said this, UTC';
COMMENT ON COLUMN raw_data.line_history.side IS
    'home, away, over or under; all where the row holds every side';
COMMENT ON COLUMN raw_data.line_history.line_key IS
    'The handicap or total as text, so that alternate lines have places of their own; spread/total where the row holds both, empty where none';
COMMENT ON COLUMN raw_data.line_history.source IS
    'What the loader called the file';
COMMENT ON COLUMN raw_data.line_history.payload IS
    'The record as it was received';
COMMENT ON COLUMN raw_data.line_history.origin IS
    'File and line, or URL, that the record came from';
COMMENT ON COLUMN raw_data.line_history.ingested_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN raw_data.line_history.processed_at IS
    'When the row was promoted or rejected, UTC; NULL is hot: still to be done';

-- indexes
CREATE INDEX ix_line_history_hot ON raw_data.line_history USING btree (collected_at) WHERE processed_at IS NULL;

-- foreign keys
