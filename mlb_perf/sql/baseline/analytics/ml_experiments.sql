-- Trainings of models: what, on which games, with what result.

CREATE TABLE analytics.ml_experiments (
    experiment_id BIGSERIAL NOT NULL,
    name VARCHAR(96) NOT NULL,
    model_type VARCHAR(64) NOT NULL,
    feature_set VARCHAR(32) NOT NULL,
    trained_from DATE NOT NULL,
    trained_to DATE NOT NULL,
    parameters JSONB DEFAULT '{}' NOT NULL,
    metrics JSONB DEFAULT '{}' NOT NULL,
    status VARCHAR(16) DEFAULT 'running' NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_ml_experiments PRIMARY KEY (experiment_id),
    CONSTRAINT uq_ml_experiments_name UNIQUE (name),
    CONSTRAINT ck_ml_experiments_status CHECK (status IN ('running', 'succeeded', 'failed', 'cancelled')),
    CONSTRAINT ck_ml_experiments_trained CHECK (trained_to >= trained_from)
);

COMMENT ON TABLE analytics.ml_experiments IS 'Trainings of models: what, on which games, with what result';
COMMENT ON COLUMN analytics.ml_experiments.experiment_id IS
    'Surrogate id';
COMMENT ON COLUMN analytics.ml_experiments.name IS
    'Name, unique';
COMMENT ON COLUMN analytics.ml_experiments.model_type IS
    'Kind of model, e.g. gradient_boosting';
COMMENT ON COLUMN analytics.ml_experiments.feature_set IS
    'curated.ml_features.feature_set it used';
COMMENT ON COLUMN analytics.ml_experiments.trained_from IS
    'First game date of the training games';
COMMENT ON COLUMN analytics.ml_experiments.trained_to IS
    'Last game date of the training games';
COMMENT ON COLUMN analytics.ml_experiments.parameters IS
    'Hyperparameters by name';
COMMENT ON COLUMN analytics.ml_experiments.metrics IS
    'Results on held-out games by name';
COMMENT ON COLUMN analytics.ml_experiments.status IS
    'running, succeeded, failed or cancelled';
COMMENT ON COLUMN analytics.ml_experiments.started_at IS
    'Start, UTC';
COMMENT ON COLUMN analytics.ml_experiments.finished_at IS
    'End, UTC; NULL while running';
COMMENT ON COLUMN analytics.ml_experiments.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN analytics.ml_experiments.updated_at IS
    'When the row was last changed, UTC; set by the writer';

CREATE INDEX ix_ml_experiments_model_type ON analytics.ml_experiments (model_type);
CREATE INDEX ix_ml_experiments_status ON analytics.ml_experiments (status);
CREATE INDEX ix_ml_experiments_started_at ON analytics.ml_experiments (started_at);
