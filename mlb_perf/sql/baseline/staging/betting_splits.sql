-- Bets and money on both sides of one market of one game, normalised.

CREATE TABLE staging.betting_splits (
    external_game_id VARCHAR(64) NOT NULL,
    split_id BIGSERIAL NOT NULL,
    source VARCHAR(32) NOT NULL,
    sportsbook_key VARCHAR(64) NOT NULL,
    sportsbook_id BIGINT,
    market_type VARCHAR(16) NOT NULL,
    line_value NUMERIC(6, 1),
    home_or_over_bets INTEGER,
    away_or_under_bets INTEGER,
    home_or_over_bets_percent NUMERIC(6, 3),
    away_or_under_bets_percent NUMERIC(6, 3),
    home_or_over_money_percent NUMERIC(6, 3),
    away_or_under_money_percent NUMERIC(6, 3),
    game_id BIGINT,
    game_date DATE,
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    data_quality_score NUMERIC(4, 3) DEFAULT '0' NOT NULL,
    validation_status VARCHAR(16) DEFAULT 'pending' NOT NULL,
    validation_errors JSONB,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_betting_splits PRIMARY KEY (external_game_id, split_id),
    CONSTRAINT uq_betting_splits_natural_key UNIQUE (external_game_id, source, sportsbook_key, market_type, collected_at),
    CONSTRAINT ck_betting_splits_market_type CHECK (market_type IN ('moneyline', 'spread', 'total')),
    CONSTRAINT ck_betting_splits_line_value_halves CHECK (line_value * 2 = trunc(line_value * 2) AND line_value BETWEEN -999.5 AND 999.5),
    CONSTRAINT ck_betting_splits_home_or_over_bets_percent CHECK (home_or_over_bets_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_betting_splits_home_or_over_money_percent CHECK (home_or_over_money_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_betting_splits_away_or_under_bets_percent CHECK (away_or_under_bets_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_betting_splits_away_or_under_money_percent CHECK (away_or_under_money_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_betting_splits_bets CHECK (home_or_over_bets >= 0 AND away_or_under_bets >= 0),
    CONSTRAINT ck_betting_splits_data_quality_score CHECK (data_quality_score BETWEEN 0 AND 1),
    CONSTRAINT ck_betting_splits_validation_status CHECK (validation_status IN ('pending', 'valid', 'suspect', 'invalid'))
);

COMMENT ON TABLE staging.betting_splits IS 'Bets and money on both sides of one market of one game, normalised';
COMMENT ON COLUMN staging.betting_splits.external_game_id IS
    'The source''s own id of the game, as text';
COMMENT ON COLUMN staging.betting_splits.split_id IS
    'Surrogate id';
COMMENT ON COLUMN staging.betting_splits.source IS
    'The feed: odds_api, action_network, sbd, vsin, mlb_stats_api, ...';
COMMENT ON COLUMN staging.betting_splits.sportsbook_key IS
    'The source''s own key of the sportsbook, or of its consensus';
COMMENT ON COLUMN staging.betting_splits.sportsbook_id IS
    'curated.sportsbooks.sportsbook_id once resolved; NULL until then';
COMMENT ON COLUMN staging.betting_splits.market_type IS
    'moneyline, spread or total';
COMMENT ON COLUMN staging.betting_splits.line_value IS
    'Runs: the home side''s handicap, or the total; NULL for a moneyline or if not given';
COMMENT ON COLUMN staging.betting_splits.home_or_over_bets IS
    'Bets on home or over, count';
COMMENT ON COLUMN staging.betting_splits.away_or_under_bets IS
    'Bets on away or under, count';
COMMENT ON COLUMN staging.betting_splits.home_or_over_bets_percent IS
    'Share of the bets on home or over, percent 0 to 100';
COMMENT ON COLUMN staging.betting_splits.away_or_under_bets_percent IS
    'Share of the bets on away or under, percent 0 to 100';
COMMENT ON COLUMN staging.betting_splits.home_or_over_money_percent IS
    'Share of the handle on home or over, percent 0 to 100';
COMMENT ON COLUMN staging.betting_splits.away_or_under_money_percent IS
    'Share of the handle on away or under, percent 0 to 100';
COMMENT ON COLUMN staging.betting_splits.game_id IS
    'curated.enhanced_games.game_id once the game is resolved; NULL until then';
COMMENT ON COLUMN staging.betting_splits.game_date IS
    'Official date of the game in its venue''s time zone; NULL until resolved';
COMMENT ON COLUMN staging.betting_splits.collected_at IS
    'The moment at which the source said it, UTC';
COMMENT ON COLUMN staging.betting_splits.data_quality_score IS
    '0 (useless) to 1 (complete and consistent)';
COMMENT ON COLUMN staging.betting_splits.validation_status IS
    'pending, valid, suspect or invalid';
COMMENT ON COLUMN staging.betting_splits.validation_errors IS
    'The rules that the row broke, as an array of rule names; NULL if none';
COMMENT ON COLUMN staging.betting_splits.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN staging.betting_splits.updated_at IS
    'When the row was last changed, UTC; set by the writer';

CREATE INDEX ix_betting_splits_external_game_id ON staging.betting_splits (external_game_id);
CREATE INDEX ix_betting_splits_source ON staging.betting_splits (source);
CREATE INDEX ix_betting_splits_sportsbook_key ON staging.betting_splits (sportsbook_key);
CREATE INDEX ix_betting_splits_sportsbook_id ON staging.betting_splits (sportsbook_id);
CREATE INDEX ix_betting_splits_market_type ON staging.betting_splits (market_type);
CREATE INDEX ix_betting_splits_game_id ON staging.betting_splits (game_id);
CREATE INDEX ix_betting_splits_game_date ON staging.betting_splits (game_date);
CREATE INDEX ix_betting_splits_collected_at ON staging.betting_splits (collected_at);
CREATE INDEX ix_betting_splits_data_quality_score ON staging.betting_splits (data_quality_score);
CREATE INDEX ix_betting_splits_validation_status ON staging.betting_splits (validation_status);
