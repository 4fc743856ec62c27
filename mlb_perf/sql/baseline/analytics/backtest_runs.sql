-- Strategies replayed over past games.

CREATE TABLE analytics.backtest_runs (
    backtest_id BIGSERIAL NOT NULL,
    strategy VARCHAR(64) NOT NULL,
    parameters JSONB DEFAULT '{}' NOT NULL,
    from_date DATE NOT NULL,
    to_date DATE NOT NULL,
    status VARCHAR(16) DEFAULT 'running' NOT NULL,
    starting_bankroll NUMERIC(14, 4) NOT NULL,
    bet_count INTEGER DEFAULT '0' NOT NULL,
    profit NUMERIC(14, 4) DEFAULT '0' NOT NULL,
    maximum_drawdown NUMERIC(14, 4),
    note VARCHAR(255),
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_backtest_runs PRIMARY KEY (backtest_id),
    CONSTRAINT ck_backtest_runs_status CHECK (status IN ('running', 'succeeded', 'failed', 'cancelled')),
    CONSTRAINT ck_backtest_runs_dates CHECK (to_date >= from_date),
    CONSTRAINT ck_backtest_runs_amounts CHECK (bet_count >= 0 AND starting_bankroll > 0)
);

COMMENT ON TABLE analytics.backtest_runs IS 'Strategies replayed over past games';
COMMENT ON COLUMN analytics.backtest_runs.backtest_id IS
    'Surrogate id';
COMMENT ON COLUMN analytics.backtest_runs.strategy IS
    'Name and version of the strategy';
COMMENT ON COLUMN analytics.backtest_runs.parameters IS
    'Parameters by name';
COMMENT ON COLUMN analytics.backtest_runs.from_date IS
    'First game date';
COMMENT ON COLUMN analytics.backtest_runs.to_date IS
    'Last game date';
COMMENT ON COLUMN analytics.backtest_runs.status IS
    'running, succeeded, failed or cancelled';
COMMENT ON COLUMN analytics.backtest_runs.starting_bankroll IS
    'Bankroll at the start, units';
COMMENT ON COLUMN analytics.backtest_runs.bet_count IS
    'Bets placed, count';
COMMENT ON COLUMN analytics.backtest_runs.profit IS
    'Profit over all bets, units';
COMMENT ON COLUMN analytics.backtest_runs.maximum_drawdown IS
    'Largest fall of the bankroll from a peak, units';
COMMENT ON COLUMN analytics.backtest_runs.note IS
    'What the run was for';
COMMENT ON COLUMN analytics.backtest_runs.started_at IS
    'Start, UTC';
COMMENT ON COLUMN analytics.backtest_runs.finished_at IS
    'End, UTC; NULL while running';
COMMENT ON COLUMN analytics.backtest_runs.created_at IS
    'When the row was written, UTC';

CREATE INDEX ix_backtest_runs_strategy ON analytics.backtest_runs (strategy);
CREATE INDEX ix_backtest_runs_status ON analytics.backtest_runs (status);
CREATE INDEX ix_backtest_runs_started_at ON analytics.backtest_runs (started_at);
