-- Bets and money on both sides of one market at one book at one moment.

CREATE TABLE curated.unified_betting_splits (
    game_id BIGINT NOT NULL,
    game_date DATE NOT NULL,
    split_id BIGSERIAL NOT NULL,
    sportsbook_id BIGINT NOT NULL,
    source VARCHAR(32) NOT NULL,
    market_type VARCHAR(16) NOT NULL,
    line_value NUMERIC(6, 1),
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    home_or_over_bets INTEGER,
    away_or_under_bets INTEGER,
    home_or_over_bets_percent NUMERIC(6, 3),
    away_or_under_bets_percent NUMERIC(6, 3),
    home_or_over_money_percent NUMERIC(6, 3),
    away_or_under_money_percent NUMERIC(6, 3),
    sharp_side VARCHAR(16),
    data_quality_score NUMERIC(4, 3) DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_unified_betting_splits PRIMARY KEY (game_id, game_date, split_id),
    CONSTRAINT uq_unified_betting_splits_natural_key UNIQUE (game_id, game_date, sportsbook_id, market_type, source, collected_at),
    CONSTRAINT ck_unified_betting_splits_market_type CHECK (market_type IN ('moneyline', 'spread', 'total')),
    CONSTRAINT ck_unified_betting_splits_line_value_halves CHECK (line_value * 2 = trunc(line_value * 2) AND line_value BETWEEN -999.5 AND 999.5),
    CONSTRAINT ck_unified_betting_splits_home_or_over_bets_percent CHECK (home_or_over_bets_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_unified_betting_splits_home_or_over_money_percent CHECK (home_or_over_money_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_unified_betting_splits_away_or_under_bets_percent CHECK (away_or_under_bets_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_unified_betting_splits_away_or_under_money_percent CHECK (away_or_under_money_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_unified_betting_splits_bets CHECK (home_or_over_bets >= 0 AND away_or_under_bets >= 0),
    CONSTRAINT ck_unified_betting_splits_sharp_side CHECK (sharp_side IN ('home', 'away', 'over', 'under')),
    CONSTRAINT ck_unified_betting_splits_data_quality_score CHECK (data_quality_score BETWEEN 0 AND 1),
    CONSTRAINT fk_unified_betting_splits_game_id FOREIGN KEY(game_id) REFERENCES curated.enhanced_games (game_id),
    CONSTRAINT fk_unified_betting_splits_sportsbook_id FOREIGN KEY(sportsbook_id) REFERENCES curated.sportsbooks (sportsbook_id)
);

COMMENT ON TABLE curated.unified_betting_splits IS 'Bets and money on both sides of one market at one book at one moment';
COMMENT ON COLUMN curated.unified_betting_splits.game_id IS
    'The game';
COMMENT ON COLUMN curated.unified_betting_splits.game_date IS
    'The game''s official date';
COMMENT ON COLUMN curated.unified_betting_splits.split_id IS
    'Surrogate id';
COMMENT ON COLUMN curated.unified_betting_splits.sportsbook_id IS
    'The sportsbook or consensus';
COMMENT ON COLUMN curated.unified_betting_splits.source IS
    'The feed that reported it';
COMMENT ON COLUMN curated.unified_betting_splits.market_type IS
    'moneyline, spread or total';
COMMENT ON COLUMN curated.unified_betting_splits.line_value IS
    'Runs: the home side''s handicap, or the total; NULL for a moneyline or if not given';
COMMENT ON COLUMN curated.unified_betting_splits.collected_at IS
    'The moment at which the source said it, UTC';
COMMENT ON COLUMN curated.unified_betting_splits.home_or_over_bets IS
    'Bets on home or over, count';
COMMENT ON COLUMN curated.unified_betting_splits.away_or_under_bets IS
    'Bets on away or under, count';
COMMENT ON COLUMN curated.unified_betting_splits.home_or_over_bets_percent IS
    'Share of the bets on home or over, percent 0 to 100';
COMMENT ON COLUMN curated.unified_betting_splits.away_or_under_bets_percent IS
    'Share of the bets on away or under, percent 0 to 100';
COMMENT ON COLUMN curated.unified_betting_splits.home_or_over_money_percent IS
    'Share of the handle on home or over, percent 0 to 100';
COMMENT ON COLUMN curated.unified_betting_splits.away_or_under_money_percent IS
    'Share of the handle on away or under, percent 0 to 100';
COMMENT ON COLUMN curated.unified_betting_splits.sharp_side IS
    'The side whose share of handle exceeds its share of bets by the threshold, if any';
COMMENT ON COLUMN curated.unified_betting_splits.data_quality_score IS
    '0 (useless) to 1 (complete and consistent)';
COMMENT ON COLUMN curated.unified_betting_splits.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN curated.unified_betting_splits.updated_at IS
    'When the row was last changed, UTC; set by the writer';

CREATE INDEX ix_unified_betting_splits_game_id ON curated.unified_betting_splits (game_id);
CREATE INDEX ix_unified_betting_splits_game_date ON curated.unified_betting_splits (game_date);
CREATE INDEX ix_unified_betting_splits_sportsbook_id ON curated.unified_betting_splits (sportsbook_id);
CREATE INDEX ix_unified_betting_splits_source ON curated.unified_betting_splits (source);
CREATE INDEX ix_unified_betting_splits_market_type ON curated.unified_betting_splits (market_type);
CREATE INDEX ix_unified_betting_splits_collected_at ON curated.unified_betting_splits (collected_at);
CREATE INDEX ix_unified_betting_splits_sharp_side ON curated.unified_betting_splits (sharp_side);
CREATE INDEX ix_unified_betting_splits_data_quality_score ON curated.unified_betting_splits (data_quality_score);
