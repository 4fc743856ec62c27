-- VSIN: bets and money percentages of one market of one game at one book.
-- table
CREATE TABLE raw_data.vsin_splits (
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ingested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    external_game_id VARCHAR(64) NOT NULL,
    sportsbook_key VARCHAR(64) NOT NULL,
    market_type VARCHAR(16) NOT NULL,
    origin VARCHAR(255),
    payload JSONB NOT NULL,
    CONSTRAINT pk_vsin_splits PRIMARY KEY (external_game_id, sportsbook_key, market_type, collected_at),
    CONSTRAINT ck_vsin_splits_market_type CHECK (market_type IN ('moneyline', 'spread', 'total', 'unknown'))
);
