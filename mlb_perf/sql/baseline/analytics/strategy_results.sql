-- How the signals of strategies turned out.

CREATE TABLE analytics.strategy_results (
    game_id BIGINT NOT NULL,
    signal_id BIGINT NOT NULL,
    outcome VARCHAR(16) NOT NULL,
    profit NUMERIC(14, 4) NOT NULL,
    closing_price INTEGER,
    closing_line_value NUMERIC(6, 3),
    graded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_strategy_results PRIMARY KEY (game_id, signal_id),
    CONSTRAINT fk_strategy_results_game_id_signal_id FOREIGN KEY(game_id, signal_id) REFERENCES analytics.strategy_signals (game_id, signal_id),
    CONSTRAINT ck_strategy_results_outcome CHECK (outcome IN ('win', 'loss', 'push', 'void')),
    CONSTRAINT ck_strategy_results_closing_price CHECK (closing_price >= 100 OR closing_price <= -100)
);

COMMENT ON TABLE analytics.strategy_results IS 'How the signals of strategies turned out';
COMMENT ON COLUMN analytics.strategy_results.game_id IS
    'The game of the signal';
COMMENT ON COLUMN analytics.strategy_results.signal_id IS
    'The signal';
COMMENT ON COLUMN analytics.strategy_results.outcome IS
    'win, loss, push or void';
COMMENT ON COLUMN analytics.strategy_results.profit IS
    'Profit for a stake of one unit, units';
COMMENT ON COLUMN analytics.strategy_results.closing_price IS
    'American odds of the side at the close; NULL if there was no closing line';
COMMENT ON COLUMN analytics.strategy_results.closing_line_value IS
    'Gain of the price over the closing price, percent of implied probability';
COMMENT ON COLUMN analytics.strategy_results.graded_at IS
    'When it was graded, UTC';
COMMENT ON COLUMN analytics.strategy_results.created_at IS
    'When the row was written, UTC';

CREATE INDEX ix_strategy_results_signal_id ON analytics.strategy_results (signal_id);
CREATE INDEX ix_strategy_results_outcome ON analytics.strategy_results (outcome);
CREATE INDEX ix_strategy_results_graded_at ON analytics.strategy_results (graded_at);
