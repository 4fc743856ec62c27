-- Files of past lines: one row of a game, book, market, side and line, columns renamed.
-- table
CREATE TABLE raw_data.line_history (
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ingested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    external_game_id VARCHAR(64) NOT NULL,
    sportsbook_key VARCHAR(64) NOT NULL,
    market_type VARCHAR(16) NOT NULL,
    side VARCHAR(16) NOT NULL,
    line_key VARCHAR(32) NOT NULL,
    source VARCHAR(32) NOT NULL,
    origin VARCHAR(255),
    payload JSONB NOT NULL,
    CONSTRAINT pk_line_history PRIMARY KEY (external_game_id, sportsbook_key, market_type, collected_at, side, line_key, source),
    CONSTRAINT ck_line_history_market_type CHECK (market_type IN ('moneyline', 'spread', 'total', 'all')),
    CONSTRAINT ck_line_history_side CHECK (side IN ('home', 'away', 'over', 'under', 'all'))
);
