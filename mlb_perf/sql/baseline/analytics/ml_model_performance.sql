-- How an experiment's predictions did over a span of games.

CREATE TABLE analytics.ml_model_performance (
    experiment_id BIGINT NOT NULL,
    market_type VARCHAR(16) NOT NULL,
    from_date DATE NOT NULL,
    to_date DATE NOT NULL,
    sample_size INTEGER NOT NULL,
    accuracy NUMERIC(9, 8) NOT NULL,
    log_loss DOUBLE PRECISION NOT NULL,
    brier_score DOUBLE PRECISION NOT NULL,
    return_on_investment NUMERIC(6, 3),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_ml_model_performance PRIMARY KEY (experiment_id, market_type, from_date, to_date),
    CONSTRAINT ck_ml_model_performance_market_type CHECK (market_type IN ('moneyline', 'spread', 'total')),
    CONSTRAINT ck_ml_model_performance_dates CHECK (to_date >= from_date),
    CONSTRAINT ck_ml_model_performance_sample_size CHECK (sample_size >= 0),
    CONSTRAINT ck_ml_model_performance_accuracy CHECK (accuracy BETWEEN 0 AND 1),
    CONSTRAINT ck_ml_model_performance_losses CHECK (log_loss >= 0 AND brier_score >= 0),
    CONSTRAINT fk_ml_model_performance_experiment_id FOREIGN KEY(experiment_id) REFERENCES analytics.ml_experiments (experiment_id)
);

COMMENT ON TABLE analytics.ml_model_performance IS 'How an experiment''s predictions did over a span of games';
COMMENT ON COLUMN analytics.ml_model_performance.experiment_id IS
    'The experiment';
COMMENT ON COLUMN analytics.ml_model_performance.market_type IS
    'moneyline, spread or total';
COMMENT ON COLUMN analytics.ml_model_performance.from_date IS
    'First game date';
COMMENT ON COLUMN analytics.ml_model_performance.to_date IS
    'Last game date';
COMMENT ON COLUMN analytics.ml_model_performance.sample_size IS
    'Predictions that were graded, count';
COMMENT ON COLUMN analytics.ml_model_performance.accuracy IS
    'Share of right predictions, 0 to 1';
COMMENT ON COLUMN analytics.ml_model_performance.log_loss IS
    'Mean negative log likelihood, nats';
COMMENT ON COLUMN analytics.ml_model_performance.brier_score IS
    'Mean squared error of the probability';
COMMENT ON COLUMN analytics.ml_model_performance.return_on_investment IS
    'Profit of flat stakes at the closing price, percent of the stake';
COMMENT ON COLUMN analytics.ml_model_performance.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN analytics.ml_model_performance.updated_at IS
    'When the row was last changed, UTC; set by the writer';

CREATE INDEX ix_ml_model_performance_experiment_id ON analytics.ml_model_performance (experiment_id);
CREATE INDEX ix_ml_model_performance_market_type ON analytics.ml_model_performance (market_type);
CREATE INDEX ix_ml_model_performance_from_date ON analytics.ml_model_performance (from_date);
