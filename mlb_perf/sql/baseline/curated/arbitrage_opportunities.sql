-- Two sides at two books whose prices leave a profit.

CREATE TABLE curated.arbitrage_opportunities (
    game_id BIGINT NOT NULL,
    game_date DATE NOT NULL,
    opportunity_id BIGSERIAL NOT NULL,
    market_type VARCHAR(16) NOT NULL,
    line_value NUMERIC(6, 1),
    first_sportsbook_id BIGINT NOT NULL,
    first_side VARCHAR(16) NOT NULL,
    first_price INTEGER NOT NULL,
    second_sportsbook_id BIGINT NOT NULL,
    second_side VARCHAR(16) NOT NULL,
    second_price INTEGER NOT NULL,
    profit_percent NUMERIC(6, 3) NOT NULL,
    detected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_arbitrage_opportunities PRIMARY KEY (game_id, game_date, opportunity_id),
    CONSTRAINT uq_arbitrage_opportunities_natural_key UNIQUE (game_id, game_date, market_type, first_sportsbook_id, second_sportsbook_id, first_side, detected_at),
    CONSTRAINT ck_arbitrage_opportunities_market_type CHECK (market_type IN ('moneyline', 'spread', 'total')),
    CONSTRAINT ck_arbitrage_opportunities_first_side CHECK (first_side IN ('home', 'over')),
    CONSTRAINT ck_arbitrage_opportunities_side_of_market CHECK ((market_type = 'total') = (first_side = 'over')),
    CONSTRAINT ck_arbitrage_opportunities_second_side CHECK (second_side = CASE first_side WHEN 'home' THEN 'away' ELSE 'under' END),
    CONSTRAINT ck_arbitrage_opportunities_first_price CHECK (first_price >= 100 OR first_price <= -100),
    CONSTRAINT ck_arbitrage_opportunities_second_price CHECK (second_price >= 100 OR second_price <= -100),
    CONSTRAINT ck_arbitrage_opportunities_line_value_halves CHECK (line_value * 2 = trunc(line_value * 2) AND line_value BETWEEN -999.5 AND 999.5),
    CONSTRAINT ck_arbitrage_opportunities_two_books CHECK (first_sportsbook_id <> second_sportsbook_id),
    CONSTRAINT ck_arbitrage_opportunities_profit_percent CHECK (profit_percent > 0),
    CONSTRAINT ck_arbitrage_opportunities_ended_at CHECK (ended_at >= detected_at),
    CONSTRAINT fk_arbitrage_opportunities_game_id FOREIGN KEY(game_id) REFERENCES curated.enhanced_games (game_id),
    CONSTRAINT fk_arbitrage_opportunities_first_sportsbook_id FOREIGN KEY(first_sportsbook_id) REFERENCES curated.sportsbooks (sportsbook_id),
    CONSTRAINT fk_arbitrage_opportunities_second_sportsbook_id FOREIGN KEY(second_sportsbook_id) REFERENCES curated.sportsbooks (sportsbook_id)
);

COMMENT ON TABLE curated.arbitrage_opportunities IS 'Two sides at two books whose prices leave a profit';
COMMENT ON COLUMN curated.arbitrage_opportunities.game_id IS
    'The game';
COMMENT ON COLUMN curated.arbitrage_opportunities.game_date IS
    'The game''s official date';
COMMENT ON COLUMN curated.arbitrage_opportunities.opportunity_id IS
    'Surrogate id';
COMMENT ON COLUMN curated.arbitrage_opportunities.market_type IS
    'moneyline, spread or total';
COMMENT ON COLUMN curated.arbitrage_opportunities.line_value IS
    'Runs: the first side''s handicap, or the total; NULL for a moneyline';
COMMENT ON COLUMN curated.arbitrage_opportunities.first_sportsbook_id IS
    'The book of home or over';
COMMENT ON COLUMN curated.arbitrage_opportunities.first_side IS
    'home or over';
COMMENT ON COLUMN curated.arbitrage_opportunities.first_price IS
    'American odds of the first side';
COMMENT ON COLUMN curated.arbitrage_opportunities.second_sportsbook_id IS
    'The book of away or under';
COMMENT ON COLUMN curated.arbitrage_opportunities.second_side IS
    'away or under';
COMMENT ON COLUMN curated.arbitrage_opportunities.second_price IS
    'American odds of the second side';
COMMENT ON COLUMN curated.arbitrage_opportunities.profit_percent IS
    'Sure profit on the total stake, percent';
COMMENT ON COLUMN curated.arbitrage_opportunities.detected_at IS
    'When both prices were first on offer, UTC';
COMMENT ON COLUMN curated.arbitrage_opportunities.ended_at IS
    'When one of the prices was gone, UTC; NULL while it stands';
COMMENT ON COLUMN curated.arbitrage_opportunities.created_at IS
    'When the row was written, UTC';

CREATE INDEX ix_arbitrage_opportunities_game_id ON curated.arbitrage_opportunities (game_id);
CREATE INDEX ix_arbitrage_opportunities_game_date ON curated.arbitrage_opportunities (game_date);
CREATE INDEX ix_arbitrage_opportunities_market_type ON curated.arbitrage_opportunities (market_type);
CREATE INDEX ix_arbitrage_opportunities_first_sportsbook_id ON curated.arbitrage_opportunities (first_sportsbook_id);
CREATE INDEX ix_arbitrage_opportunities_second_sportsbook_id ON curated.arbitrage_opportunities (second_sportsbook_id);
CREATE INDEX ix_arbitrage_opportunities_profit_percent ON curated.arbitrage_opportunities (profit_percent);
CREATE INDEX ix_arbitrage_opportunities_detected_at ON curated.arbitrage_opportunities (detected_at);
CREATE INDEX ix_arbitrage_opportunities_ended_at ON curated.arbitrage_opportunities (ended_at);
