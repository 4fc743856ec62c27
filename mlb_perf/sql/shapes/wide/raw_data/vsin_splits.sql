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
