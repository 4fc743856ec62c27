-- Bets and money on both sides of one market at one book at one moment.
-- table
CREATE TABLE curated.unified_betting_splits (
    split_id BIGSERIAL NOT NULL,
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    game_id INTEGER NOT NULL,
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
    CONSTRAINT pk_unified_betting_splits PRIMARY KEY (game_id, game_date, market_type, collected_at, sportsbook_id, source),
    CONSTRAINT ck_unified_betting_splits_market_type CHECK (market_type IN ('moneyline', 'spread', 'total')),
    CONSTRAINT ck_unified_betting_splits_line_value_halves CHECK (line_value * 2 = trunc(line_value * 2) AND line_value BETWEEN -99.5 AND 99.5),
    CONSTRAINT ck_unified_betting_splits_home_or_over_bets_percent CHECK (home_or_over_bets_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_unified_betting_splits_home_or_over_money_percent CHECK (home_or_over_money_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_unified_betting_splits_away_or_under_bets_percent CHECK (away_or_under_bets_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_unified_betting_splits_away_or_under_money_percent CHECK (away_or_under_money_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_unified_betting_splits_bets CHECK (home_or_over_bets >= 0 AND away_or_under_bets >= 0),
    CONSTRAINT ck_unified_betting_splits_sharp_side CHECK (sharp_side IN ('home', 'away', 'over', 'under')),
    CONSTRAINT ck_unified_betting_splits_data_quality_score CHECK (data_quality_score BETWEEN 0 AND 1)
);

COMMENT ON TABLE curated.unified_betting_splits IS 'Bets and money on both sides of one market at one book at one moment';
COMMENT ON COLUMN curated.unified_betting_splits.split_id IS
    'Surrogate id; no index has it';
COMMENT ON COLUMN curated.unified_betting_splits.collected_at IS
    'The moment at which the source said it, UTC';
COMMENT ON COLUMN curated.unified_betting_splits.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN curated.unified_betting_splits.updated_at IS
    'When the row was last changed, UTC; set by the writer';
COMMENT ON COLUMN curated.unified_betting_splits.game_id IS
    'The game';
COMMENT ON COLUMN curated.unified_betting_splits.game_date IS
    'The game''s official date';
COMMENT ON COLUMN curated.unified_betting_splits.sportsbook_id IS
    'The sportsbook or consensus';
COMMENT ON COLUMN curated.unified_betting_splits.home_or_over_bets IS
    'Bets on home or over, count';
COMMENT ON COLUMN curated.unified_betting_splits.away_or_under_bets IS
    'Bets on away or under, count';
COMMENT ON COLUMN curated.unified_betting_splits.source IS
    'The feed that reported it';
COMMENT ON COLUMN curated.unified_betting_splits.market_type IS
    'moneyline, spread or total';
COMMENT ON COLUMN curated.unified_betting_splits.data_quality_score IS
    '0 (useless) to 1 (complete and consistent)';
COMMENT ON COLUMN curated.unified_betting_splits.line_value IS
    'Runs: the home side''s handicap, or the total; NULL for a moneyline or if not given';
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

-- indexes
CREATE INDEX ix_unified_betting_splits_sharp ON curated.unified_betting_splits USING btree (game_date) WHERE sharp_side IS NOT NULL;

-- foreign keys
ALTER TABLE curated.unified_betting_splits ADD CONSTRAINT fk_unified_betting_splits_game_id FOREIGN KEY (game_id) REFERENCES curated.enhanced_games (game_id);
ALTER TABLE curated.unified_betting_splits ADD CONSTRAINT fk_unified_betting_splits_sportsbook_id FOREIGN KEY (sportsbook_id) REFERENCES curated.sportsbooks (sportsbook_id);
