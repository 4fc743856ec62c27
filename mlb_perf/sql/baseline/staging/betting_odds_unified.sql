-- One side of one market of one game at one book at one moment, normalised.

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
    quote_count INTEGER DEFAULT '1' NOT NULL,
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
    CONSTRAINT ck_betting_odds_unified_line_value_halves CHECK (line_value * 2 = trunc(line_value * 2) AND line_value BETWEEN -999.5 AND 999.5),
    CONSTRAINT ck_betting_odds_unified_quote_count CHECK (quote_count > 0),
    CONSTRAINT ck_betting_odds_unified_data_quality_score CHECK (data_quality_score BETWEEN 0 AND 1),
    CONSTRAINT ck_betting_odds_unified_validation_status CHECK (validation_status IN ('pending', 'valid', 'suspect', 'invalid'))
);

COMMENT ON TABLE staging.betting_odds_unified IS 'One side of one market of one game at one book at one moment, normalised';
COMMENT ON COLUMN staging.betting_odds_unified.external_game_id IS
    'The source''s own id of the game, as text';
COMMENT ON COLUMN staging.betting_odds_unified.odds_id IS
    'Surrogate id';
COMMENT ON COLUMN staging.betting_odds_unified.source IS
    'The feed: odds_api, action_network, sbd, vsin, mlb_stats_api, ...';
COMMENT ON COLUMN staging.betting_odds_unified.sportsbook_key IS
    'The source''s own key of the sportsbook';
COMMENT ON COLUMN staging.betting_odds_unified.sportsbook_id IS
    'curated.sportsbooks.sportsbook_id once resolved; NULL until then';
COMMENT ON COLUMN staging.betting_odds_unified.market_type IS
    'moneyline, spread or total';
COMMENT ON COLUMN staging.betting_odds_unified.side IS
    'home or away; over or under for a total';
COMMENT ON COLUMN staging.betting_odds_unified.line_value IS
    'Runs: the handicap of the side, or the total; NULL for a moneyline';
COMMENT ON COLUMN staging.betting_odds_unified.price IS
    'American odds: US dollars won on 100, or staked to win 100 if negative';
COMMENT ON COLUMN staging.betting_odds_unified.decimal_price IS
    'Decimal odds as the source gave them; NULL if it gave American odds';
COMMENT ON COLUMN staging.betting_odds_unified.is_in_play IS
    'Whether the game had begun at collected_at';
COMMENT ON COLUMN staging.betting_odds_unified.quote_count IS
    'Quotes that the row stands for, count: above 1 it is the first of a run whose middle was compacted';
COMMENT ON COLUMN staging.betting_odds_unified.game_id IS
    'curated.enhanced_games.game_id once the game is resolved; NULL until then';
COMMENT ON COLUMN staging.betting_odds_unified.game_date IS
    'Official date of the game in its venue''s time zone; NULL until resolved';
COMMENT ON COLUMN staging.betting_odds_unified.collected_at IS
    'The moment at which the source said it, UTC';
COMMENT ON COLUMN staging.betting_odds_unified.data_quality_score IS
    '0 (useless) to 1 (complete and consistent)';
COMMENT ON COLUMN staging.betting_odds_unified.validation_status IS
    'pending, valid, suspect or invalid';
COMMENT ON COLUMN staging.betting_odds_unified.validation_errors IS
    'The rules that the row broke, as an array of rule names; NULL if none';
COMMENT ON COLUMN staging.betting_odds_unified.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN staging.betting_odds_unified.updated_at IS
    'When the row was last changed, UTC; set by the writer';

CREATE INDEX ix_betting_odds_unified_external_game_id ON staging.betting_odds_unified (external_game_id);
CREATE INDEX ix_betting_odds_unified_source ON staging.betting_odds_unified (source);
CREATE INDEX ix_betting_odds_unified_sportsbook_key ON staging.betting_odds_unified (sportsbook_key);
CREATE INDEX ix_betting_odds_unified_sportsbook_id ON staging.betting_odds_unified (sportsbook_id);
CREATE INDEX ix_betting_odds_unified_market_type ON staging.betting_odds_unified (market_type);
CREATE INDEX ix_betting_odds_unified_side ON staging.betting_odds_unified (side);
CREATE INDEX ix_betting_odds_unified_game_id ON staging.betting_odds_unified (game_id);
CREATE INDEX ix_betting_odds_unified_game_date ON staging.betting_odds_unified (game_date);
CREATE INDEX ix_betting_odds_unified_collected_at ON staging.betting_odds_unified (collected_at);
CREATE INDEX ix_betting_odds_unified_data_quality_score ON staging.betting_odds_unified (data_quality_score);
CREATE INDEX ix_betting_odds_unified_validation_status ON staging.betting_odds_unified (validation_status);
