-- The path of each line, changes only: a price, from when to when.

CREATE TABLE curated.betting_lines_unified (
    game_id BIGINT NOT NULL,
    game_date DATE NOT NULL,
    line_id BIGSERIAL NOT NULL,
    sportsbook_id BIGINT NOT NULL,
    source VARCHAR(32) NOT NULL,
    market_type VARCHAR(16) NOT NULL,
    side VARCHAR(16) NOT NULL,
    line_value NUMERIC(6, 1),
    price INTEGER NOT NULL,
    decimal_price NUMERIC(12, 6) NOT NULL,
    implied_probability NUMERIC(9, 8) NOT NULL,
    first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    quote_count INTEGER DEFAULT '1' NOT NULL,
    is_opening BOOLEAN DEFAULT 'false' NOT NULL,
    is_closing BOOLEAN DEFAULT 'false' NOT NULL,
    is_in_play BOOLEAN DEFAULT 'false' NOT NULL,
    data_quality_score NUMERIC(4, 3) DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_betting_lines_unified PRIMARY KEY (game_id, game_date, line_id),
    CONSTRAINT uq_betting_lines_unified_natural_key UNIQUE (game_id, game_date, sportsbook_id, market_type, side, source, first_seen_at),
    CONSTRAINT ck_betting_lines_unified_line_value_given CHECK ((market_type = 'moneyline') = (line_value IS NULL)),
    CONSTRAINT ck_betting_lines_unified_market_type CHECK (market_type IN ('moneyline', 'spread', 'total')),
    CONSTRAINT ck_betting_lines_unified_side CHECK (CASE market_type WHEN 'total' THEN side IN ('over', 'under') ELSE side IN ('home', 'away') END),
    CONSTRAINT ck_betting_lines_unified_price CHECK (price >= 100 OR price <= -100),
    CONSTRAINT ck_betting_lines_unified_decimal_price CHECK (decimal_price > 1 AND decimal_price < 1000000),
    CONSTRAINT ck_betting_lines_unified_line_value_halves CHECK (line_value * 2 = trunc(line_value * 2) AND line_value BETWEEN -999.5 AND 999.5),
    CONSTRAINT ck_betting_lines_unified_implied_probability CHECK (implied_probability BETWEEN 0 AND 1),
    CONSTRAINT ck_betting_lines_unified_seen CHECK (last_seen_at >= first_seen_at),
    CONSTRAINT ck_betting_lines_unified_quote_count CHECK (quote_count >= 1),
    CONSTRAINT ck_betting_lines_unified_closing_is_before_start CHECK (NOT (is_closing AND is_in_play)),
    CONSTRAINT ck_betting_lines_unified_data_quality_score CHECK (data_quality_score BETWEEN 0 AND 1),
    CONSTRAINT fk_betting_lines_unified_game_id FOREIGN KEY(game_id) REFERENCES curated.enhanced_games (game_id),
    CONSTRAINT fk_betting_lines_unified_sportsbook_id FOREIGN KEY(sportsbook_id) REFERENCES curated.sportsbooks (sportsbook_id)
);

COMMENT ON TABLE curated.betting_lines_unified IS 'The path of each line, changes only: a price, from when to when';
COMMENT ON COLUMN curated.betting_lines_unified.game_id IS
    'The game';
COMMENT ON COLUMN curated.betting_lines_unified.game_date IS
    'The game''s official date';
COMMENT ON COLUMN curated.betting_lines_unified.line_id IS
    'Surrogate id';
COMMENT ON COLUMN curated.betting_lines_unified.sportsbook_id IS
    'The sportsbook';
COMMENT ON COLUMN curated.betting_lines_unified.source IS
    'The feed that reported it';
COMMENT ON COLUMN curated.betting_lines_unified.market_type IS
    'moneyline, spread or total';
COMMENT ON COLUMN curated.betting_lines_unified.side IS
    'home or away; over or under for a total';
COMMENT ON COLUMN curated.betting_lines_unified.line_value IS
    'Runs: the handicap of the side, or the total; NULL for a moneyline';
COMMENT ON COLUMN curated.betting_lines_unified.price IS
    'American odds: US dollars won on 100, or staked to win 100 if negative';
COMMENT ON COLUMN curated.betting_lines_unified.decimal_price IS
    'Decimal odds: US dollars returned for a stake of 1';
COMMENT ON COLUMN curated.betting_lines_unified.implied_probability IS
    '1 / decimal_price, vig included, 0 to 1';
COMMENT ON COLUMN curated.betting_lines_unified.first_seen_at IS
    'When the price was first seen, UTC';
COMMENT ON COLUMN curated.betting_lines_unified.last_seen_at IS
    'When the price was last seen, UTC';
COMMENT ON COLUMN curated.betting_lines_unified.quote_count IS
    'How many quotes of the source said this price, count';
COMMENT ON COLUMN curated.betting_lines_unified.is_opening IS
    'Whether it is the first line of its book, market and side';
COMMENT ON COLUMN curated.betting_lines_unified.is_closing IS
    'Whether it is the last line seen before the actual start';
COMMENT ON COLUMN curated.betting_lines_unified.is_in_play IS
    'Whether it was first seen after the actual start';
COMMENT ON COLUMN curated.betting_lines_unified.data_quality_score IS
    '0 (useless) to 1 (complete and consistent)';
COMMENT ON COLUMN curated.betting_lines_unified.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN curated.betting_lines_unified.updated_at IS
    'When the row was last changed, UTC; set by the writer';

CREATE INDEX ix_betting_lines_unified_game_id ON curated.betting_lines_unified (game_id);
CREATE INDEX ix_betting_lines_unified_game_date ON curated.betting_lines_unified (game_date);
CREATE INDEX ix_betting_lines_unified_sportsbook_id ON curated.betting_lines_unified (sportsbook_id);
CREATE INDEX ix_betting_lines_unified_source ON curated.betting_lines_unified (source);
CREATE INDEX ix_betting_lines_unified_market_type ON curated.betting_lines_unified (market_type);
CREATE INDEX ix_betting_lines_unified_side ON curated.betting_lines_unified (side);
CREATE INDEX ix_betting_lines_unified_first_seen_at ON curated.betting_lines_unified (first_seen_at);
CREATE INDEX ix_betting_lines_unified_last_seen_at ON curated.betting_lines_unified (last_seen_at);
CREATE INDEX ix_betting_lines_unified_is_opening ON curated.betting_lines_unified (is_opening);
CREATE INDEX ix_betting_lines_unified_is_closing ON curated.betting_lines_unified (is_closing);
CREATE INDEX ix_betting_lines_unified_is_in_play ON curated.betting_lines_unified (is_in_play);
CREATE INDEX ix_betting_lines_unified_data_quality_score ON curated.betting_lines_unified (data_quality_score);
CREATE INDEX ix_betting_lines_unified_updated_at ON curated.betting_lines_unified (updated_at);
