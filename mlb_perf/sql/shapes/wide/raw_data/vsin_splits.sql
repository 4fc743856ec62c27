-- VSIN: bets and money percentages of one market of one game at one book.
-- table
CREATE TABLE raw_data.vsin_splits (
    external_game_id VARCHAR(64) NOT NULL,
    sportsbook_key VARCHAR(64) NOT NULL,
    market_type VARCHAR(16) NOT NULL,
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    payload JSONB NOT NULL,
    origin VARCHAR(255),
    ingested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_vsin_splits PRIMARY KEY (external_game_id, sportsbook_key, market_type, collected_at),
    CONSTRAINT ck_vsin_splits_market_type CHECK (market_type IN ('moneyline', 'spread', 'total', 'unknown'))
);

COMMENT ON TABLE raw_data.vsin_splits IS 'VSIN: bets and money percentages of one market of one game at one book';
COMMENT ON COLUMN raw_data.vsin_splits.external_game_id IS
    'The source''s own id of the game, as text';
COMMENT ON COLUMN raw_data.vsin_splits.sportsbook_key IS
    'The source''s own key of the sportsbook, as text';
COMMENT ON COLUMN raw_data.vsin_splits.market_type IS
    'moneyline, spread or total; unknown where the source''s word is none of them';
COMMENT ON COLUMN raw_data.vsin_splits.collected_at IS
    'The moment at which the source said this, UTC';
COMMENT ON COLUMN raw_data.vsin_splits.payload IS
    'The record as it was received';
COMMENT ON COLUMN raw_data.vsin_splits.origin IS
    'File and line, or URL, that the record came from';
COMMENT ON COLUMN raw_data.vsin_splits.ingested_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN raw_data.vsin_splits.processed_at IS
    'When the row was promoted or rejected, UTC; NULL is hot: still to be done';

-- indexes
CREATE INDEX ix_vsin_splits_collected_at ON raw_data.vsin_splits USING btree (collected_at);
CREATE INDEX ix_vsin_splits_hot ON raw_data.vsin_splits USING btree (collected_at) WHERE processed_at IS NULL;

-- foreign keys
