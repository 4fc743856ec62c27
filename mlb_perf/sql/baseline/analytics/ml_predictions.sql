-- Predictions of models, as of a moment before the game.

CREATE TABLE analytics.ml_predictions (
    game_id BIGINT NOT NULL,
    prediction_id BIGSERIAL NOT NULL,
    experiment_id BIGINT NOT NULL,
    as_of TIMESTAMP WITH TIME ZONE NOT NULL,
    probability NUMERIC(9, 8) NOT NULL,
    expected_runs NUMERIC(14, 4),
    confidence NUMERIC(4, 3) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    game_date DATE NOT NULL,
    market_type VARCHAR(16) NOT NULL,
    side VARCHAR(16) NOT NULL,
    line_value NUMERIC(6, 1),
    CONSTRAINT pk_ml_predictions PRIMARY KEY (game_id, prediction_id),
    CONSTRAINT uq_ml_predictions_natural_key UNIQUE (game_id, experiment_id, market_type, side, as_of),
    CONSTRAINT ck_ml_predictions_line_value_given CHECK ((market_type = 'moneyline') = (line_value IS NULL)),
    CONSTRAINT ck_ml_predictions_market_type CHECK (market_type IN ('moneyline', 'spread', 'total')),
    CONSTRAINT ck_ml_predictions_side CHECK (CASE market_type WHEN 'total' THEN side IN ('over', 'under') ELSE side IN ('home', 'away') END),
    CONSTRAINT ck_ml_predictions_line_value_halves CHECK (line_value * 2 = trunc(line_value * 2) AND line_value BETWEEN -999.5 AND 999.5),
    CONSTRAINT ck_ml_predictions_probability CHECK (probability BETWEEN 0 AND 1),
    CONSTRAINT ck_ml_predictions_confidence CHECK (confidence BETWEEN 0 AND 1),
    CONSTRAINT fk_ml_predictions_game_id FOREIGN KEY(game_id) REFERENCES curated.enhanced_games (game_id),
    CONSTRAINT fk_ml_predictions_experiment_id FOREIGN KEY(experiment_id) REFERENCES analytics.ml_experiments (experiment_id)
);

COMMENT ON TABLE analytics.ml_predictions IS 'Predictions of models, as of a moment before the game';
COMMENT ON COLUMN analytics.ml_predictions.game_id IS
    'The game';
COMMENT ON COLUMN analytics.ml_predictions.prediction_id IS
    'Surrogate id';
COMMENT ON COLUMN analytics.ml_predictions.experiment_id IS
    'The experiment';
COMMENT ON COLUMN analytics.ml_predictions.as_of IS
    'What the model knew was seen by then, UTC';
COMMENT ON COLUMN analytics.ml_predictions.probability IS
    'That the side wins, 0 to 1';
COMMENT ON COLUMN analytics.ml_predictions.expected_runs IS
    'Predicted margin of the home team, or total; NULL if the model gives none';
COMMENT ON COLUMN analytics.ml_predictions.confidence IS
    'The model''s own confidence, 0 to 1';
COMMENT ON COLUMN analytics.ml_predictions.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN analytics.ml_predictions.game_date IS
    'The game''s official date';
COMMENT ON COLUMN analytics.ml_predictions.market_type IS
    'moneyline, spread or total';
COMMENT ON COLUMN analytics.ml_predictions.side IS
    'home or away; over or under for a total';
COMMENT ON COLUMN analytics.ml_predictions.line_value IS
    'Runs: the handicap of the side, or the total; NULL for a moneyline';

CREATE INDEX ix_ml_predictions_game_id ON analytics.ml_predictions (game_id);
CREATE INDEX ix_ml_predictions_experiment_id ON analytics.ml_predictions (experiment_id);
CREATE INDEX ix_ml_predictions_as_of ON analytics.ml_predictions (as_of);
CREATE INDEX ix_ml_predictions_confidence ON analytics.ml_predictions (confidence);
CREATE INDEX ix_ml_predictions_game_date ON analytics.ml_predictions (game_date);
CREATE INDEX ix_ml_predictions_market_type ON analytics.ml_predictions (market_type);
