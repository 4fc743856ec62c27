-- Bets of backtests, each graded.

CREATE TABLE analytics.backtest_bets (
    game_id BIGINT NOT NULL,
    bet_id BIGSERIAL NOT NULL,
    backtest_id BIGINT NOT NULL,
    sportsbook_id BIGINT NOT NULL,
    price INTEGER NOT NULL,
    stake NUMERIC(14, 4) NOT NULL,
    placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    outcome VARCHAR(16),
    profit NUMERIC(14, 4),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    game_date DATE NOT NULL,
    market_type VARCHAR(16) NOT NULL,
    side VARCHAR(16) NOT NULL,
    line_value NUMERIC(6, 1),
    CONSTRAINT pk_backtest_bets PRIMARY KEY (game_id, bet_id),
    CONSTRAINT uq_backtest_bets_natural_key UNIQUE (game_id, backtest_id, market_type, side, placed_at),
    CONSTRAINT ck_backtest_bets_line_value_given CHECK ((market_type = 'moneyline') = (line_value IS NULL)),
    CONSTRAINT ck_backtest_bets_market_type CHECK (market_type IN ('moneyline', 'spread', 'total')),
    CONSTRAINT ck_backtest_bets_side CHECK (CASE market_type WHEN 'total' THEN side IN ('over', 'under') ELSE side IN ('home', 'away') END),
    CONSTRAINT ck_backtest_bets_price CHECK (price >= 100 OR price <= -100),
    CONSTRAINT ck_backtest_bets_line_value_halves CHECK (line_value * 2 = trunc(line_value * 2) AND line_value BETWEEN -999.5 AND 999.5),
    CONSTRAINT ck_backtest_bets_outcome CHECK (outcome IN ('win', 'loss', 'push', 'void')),
    CONSTRAINT ck_backtest_bets_stake CHECK (stake > 0),
    CONSTRAINT fk_backtest_bets_game_id FOREIGN KEY(game_id) REFERENCES curated.enhanced_games (game_id),
    CONSTRAINT fk_backtest_bets_backtest_id FOREIGN KEY(backtest_id) REFERENCES analytics.backtest_runs (backtest_id),
    CONSTRAINT fk_backtest_bets_sportsbook_id FOREIGN KEY(sportsbook_id) REFERENCES curated.sportsbooks (sportsbook_id)
);

COMMENT ON TABLE analytics.backtest_bets IS 'Bets of backtests, each graded';
COMMENT ON COLUMN analytics.backtest_bets.game_id IS
    'The game';
COMMENT ON COLUMN analytics.backtest_bets.bet_id IS
    'Surrogate id';
COMMENT ON COLUMN analytics.backtest_bets.backtest_id IS
    'The backtest';
COMMENT ON COLUMN analytics.backtest_bets.sportsbook_id IS
    'The book';
COMMENT ON COLUMN analytics.backtest_bets.price IS
    'American odds: US dollars won on 100, or staked to win 100 if negative';
COMMENT ON COLUMN analytics.backtest_bets.stake IS
    'Stake, units';
COMMENT ON COLUMN analytics.backtest_bets.placed_at IS
    'As of when it was placed, UTC';
COMMENT ON COLUMN analytics.backtest_bets.outcome IS
    'win, loss, push or void; NULL until graded';
COMMENT ON COLUMN analytics.backtest_bets.profit IS
    'Profit, units; NULL until graded';
COMMENT ON COLUMN analytics.backtest_bets.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN analytics.backtest_bets.game_date IS
    'The game''s official date';
COMMENT ON COLUMN analytics.backtest_bets.market_type IS
    'moneyline, spread or total';
COMMENT ON COLUMN analytics.backtest_bets.side IS
    'home or away; over or under for a total';
COMMENT ON COLUMN analytics.backtest_bets.line_value IS
    'Runs: the handicap of the side, or the total; NULL for a moneyline';

CREATE INDEX ix_backtest_bets_game_id ON analytics.backtest_bets (game_id);
CREATE INDEX ix_backtest_bets_backtest_id ON analytics.backtest_bets (backtest_id);
CREATE INDEX ix_backtest_bets_sportsbook_id ON analytics.backtest_bets (sportsbook_id);
CREATE INDEX ix_backtest_bets_placed_at ON analytics.backtest_bets (placed_at);
CREATE INDEX ix_backtest_bets_outcome ON analytics.backtest_bets (outcome);
CREATE INDEX ix_backtest_bets_game_date ON analytics.backtest_bets (game_date);
