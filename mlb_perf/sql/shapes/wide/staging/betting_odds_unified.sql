-- One side of one market of one game at one book at one moment, normalised.
-- table
CREATE TABLE staging.betting_odds_unified (
    external_game_id VARCHAR(64) NOT NULL,
    odds_id BIGSERIAL NOT NULL,
    source VARCHAR(32) NOT NULL,
    sportsbook_key VARCHAR(64) NOT NULL,
    sportsbook_id BIGINT,
    market_type VARCHAR(16) NOT NULL,
    side VARCHAR(16) NOT NULL,
    line_value NUMERIC(6, 1),
    price INTEGER NOT NULL,
    decimal_price NUMERIC(12, 6),
    is_in_play BOOLEAN DEFAULT 'false' NOT NULL,
    game_id BIGINT,
    game_date DATE,
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    data_quality_score NUMERIC(4, 3) DEFAULT '0' NOT NULL,
    validation_status VARCHAR(16) DEFAULT 'pending' NOT NULL,
    validation_errors JSONB,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_betting_odds_unified PRIMARY KEY (external_game_id, odds_id),
    CONSTRAINT uq_betting_odds_unified_natural_key UNIQUE (external_game_id, source, sportsbook_key, market_type, side, collected_at),
    CONSTRAINT ck_betting_odds_unified_line_value_given CHECK ((market_type = 'moneyline') = (line_value IS NULL)),
    CONSTRAINT ck_betting_odds_unified_market_type CHECK (market_type IN ('moneyline', 'spread', 'total')),
    CONSTRAINT ck_betting_odds_unified_side CHECK (CASE market_type WHEN 'total' THEN side IN ('over', 'under') ELSE side IN ('home', 'away') END),
    CONSTRAINT ck_betting_odds_unified_price CHECK (price >= 100 OR price <= -100),
    CONSTRAINT ck_betting_odds_unified_decimal_price CHECK (decimal_price > 1 AND decimal_price < 1000000),
    CONSTRAINT ck_betting_odds_unified_line_value_halves CHECK (line_value * 2 = trunc(line_value * 2) AND line_value BETWEEN -99.5 AND 99.5),
    CONSTRAINT ck_betting_odds_unified_data_quality_score CHECK (data_quality_score BETWEEN 0 AND 1),
    CONSTRAINT ck_betting_odds_unified_validation_status CHECK (validation_status IN ('pending', 'valid', 'suspect', 'invalid'))
);
COMMENT ON COLUMN staging.betting_odds_unified.odds_id IS 'Surrogate id';
