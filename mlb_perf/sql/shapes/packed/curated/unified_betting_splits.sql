-- Bets and money on both sides of one market at one book at one moment.
-- table
CREATE TABLE curated.unified_betting_splits (
    game_id BIGINT NOT NULL,
    split_id BIGSERIAL NOT NULL,
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    game_date DATE NOT NULL,
    sportsbook_id INTEGER NOT NULL,
    home_or_over_bets INTEGER,
    away_or_under_bets INTEGER,
    source VARCHAR(32) NOT NULL,
    market_type VARCHAR(16) NOT NULL,
    data_quality_score NUMERIC(4, 3) DEFAULT '0' NOT NULL,
    line_value NUMERIC(6, 1),
    home_or_over_bets_percent NUMERIC(6, 3),
    away_or_under_bets_percent NUMERIC(6, 3),
    home_or_over_money_percent NUMERIC(6, 3),
    away_or_under_money_percent NUMERIC(6, 3),
    sharp_side VARCHAR(16),
    CONSTRAINT pk_unified_betting_splits PRIMARY KEY (game_id, game_date, market_type, collected_at, sportsbook_id, source) WITH (fillfactor=100),
    CONSTRAINT ck_unified_betting_splits_market_type CHECK (market_type IN ('moneyline', 'spread', 'total')),
    CONSTRAINT ck_unified_betting_splits_line_value_halves CHECK (line_value * 2 = trunc(line_value * 2) AND line_value BETWEEN -999.5 AND 999.5),
    CONSTRAINT ck_unified_betting_splits_home_or_over_bets_percent CHECK (home_or_over_bets_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_unified_betting_splits_home_or_over_money_percent CHECK (home_or_over_money_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_unified_betting_splits_away_or_under_bets_percent CHECK (away_or_under_bets_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_unified_betting_splits_away_or_under_money_percent CHECK (away_or_under_money_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_unified_betting_splits_bets CHECK (home_or_over_bets >= 0 AND away_or_under_bets >= 0),
    CONSTRAINT ck_unified_betting_splits_sharp_side CHECK (sharp_side IN ('home', 'away', 'over', 'under')),
    CONSTRAINT ck_unified_betting_splits_data_quality_score CHECK (data_quality_score BETWEEN 0 AND 1)
);
COMMENT ON COLUMN curated.unified_betting_splits.split_id IS 'Surrogate id; no index has it';
