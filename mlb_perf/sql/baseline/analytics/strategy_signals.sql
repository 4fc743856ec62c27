-- What strategies signalled: a side, a price, a moment.

CREATE TABLE analytics.strategy_signals (
    game_id BIGINT NOT NULL,
    signal_id BIGSERIAL NOT NULL,
    strategy VARCHAR(64) NOT NULL,
    price INTEGER NOT NULL,
    strength NUMERIC(4, 3) NOT NULL,
    signalled_at TIMESTAMP WITH TIME ZONE NOT NULL,
    details JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    game_date DATE NOT NULL,
    market_type VARCHAR(16) NOT NULL,
    side VARCHAR(16) NOT NULL,
    line_value NUMERIC(6, 1),
    CONSTRAINT pk_strategy_signals PRIMARY KEY (game_id, signal_id),
    CONSTRAINT ck_strategy_signals_line_value_given CHECK ((market_type = 'moneyline') = (line_value IS NULL)),
    CONSTRAINT ck_strategy_signals_market_type CHECK (market_type IN ('moneyline', 'spread', 'total')),
    CONSTRAINT ck_strategy_signals_side CHECK (CASE market_type WHEN 'total' THEN side IN ('over', 'under') ELSE side IN ('home', 'away') END),
    CONSTRAINT ck_strategy_signals_price CHECK (price >= 100 OR price <= -100),
    CONSTRAINT ck_strategy_signals_line_value_halves CHECK (line_value * 2 = trunc(line_value * 2) AND line_value BETWEEN -999.5 AND 999.5),
    CONSTRAINT ck_strategy_signals_strength CHECK (strength BETWEEN 0 AND 1),
    CONSTRAINT fk_strategy_signals_game_id FOREIGN KEY(game_id) REFERENCES curated.enhanced_games (game_id)
);

COMMENT ON TABLE analytics.strategy_signals IS 'What strategies signalled: a side, a price, a moment';
COMMENT ON COLUMN analytics.strategy_signals.game_id IS
    'The game';
COMMENT ON COLUMN analytics.strategy_signals.signal_id IS
    'Surrogate id';
COMMENT ON COLUMN analytics.strategy_signals.strategy IS
    'Name and version of the strategy';
COMMENT ON COLUMN analytics.strategy_signals.price IS
    'American odds: US dollars won on 100, or staked to win 100 if negative';
COMMENT ON COLUMN analytics.strategy_signals.strength IS
    'The strategy''s own measure, 0 to 1';
COMMENT ON COLUMN analytics.strategy_signals.signalled_at IS
    'When it signalled, UTC';
COMMENT ON COLUMN analytics.strategy_signals.details IS
    'What it saw, by name';
COMMENT ON COLUMN analytics.strategy_signals.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN analytics.strategy_signals.game_date IS
    'The game''s official date';
COMMENT ON COLUMN analytics.strategy_signals.market_type IS
    'moneyline, spread or total';
COMMENT ON COLUMN analytics.strategy_signals.side IS
    'home or away; over or under for a total';
COMMENT ON COLUMN analytics.strategy_signals.line_value IS
    'Runs: the handicap of the side, or the total; NULL for a moneyline';

CREATE INDEX ix_strategy_signals_game_id ON analytics.strategy_signals (game_id);
CREATE INDEX ix_strategy_signals_strategy ON analytics.strategy_signals (strategy);
CREATE INDEX ix_strategy_signals_strength ON analytics.strategy_signals (strength);
CREATE INDEX ix_strategy_signals_signalled_at ON analytics.strategy_signals (signalled_at);
CREATE INDEX ix_strategy_signals_game_date ON analytics.strategy_signals (game_date);
CREATE INDEX ix_strategy_signals_market_type ON analytics.strategy_signals (market_type);
