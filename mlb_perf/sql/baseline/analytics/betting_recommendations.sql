-- Bets that are advised: where, at what price, how much.

CREATE TABLE analytics.betting_recommendations (
    game_id BIGINT NOT NULL,
    recommendation_id BIGSERIAL NOT NULL,
    sportsbook_id BIGINT NOT NULL,
    prediction_id BIGINT,
    strategy VARCHAR(64) NOT NULL,
    price INTEGER NOT NULL,
    stake NUMERIC(14, 4) NOT NULL,
    expected_value NUMERIC(6, 3) NOT NULL,
    kelly_fraction NUMERIC(4, 3),
    status VARCHAR(16) DEFAULT 'open' NOT NULL,
    recommended_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    game_date DATE NOT NULL,
    market_type VARCHAR(16) NOT NULL,
    side VARCHAR(16) NOT NULL,
    line_value NUMERIC(6, 1),
    CONSTRAINT pk_betting_recommendations PRIMARY KEY (game_id, recommendation_id),
    CONSTRAINT ck_betting_recommendations_line_value_given CHECK ((market_type = 'moneyline') = (line_value IS NULL)),
    CONSTRAINT ck_betting_recommendations_market_type CHECK (market_type IN ('moneyline', 'spread', 'total')),
    CONSTRAINT ck_betting_recommendations_side CHECK (CASE market_type WHEN 'total' THEN side IN ('over', 'under') ELSE side IN ('home', 'away') END),
    CONSTRAINT ck_betting_recommendations_price CHECK (price >= 100 OR price <= -100),
    CONSTRAINT ck_betting_recommendations_line_value_halves CHECK (line_value * 2 = trunc(line_value * 2) AND line_value BETWEEN -999.5 AND 999.5),
    CONSTRAINT ck_betting_recommendations_status CHECK (status IN ('open', 'taken', 'expired', 'withdrawn')),
    CONSTRAINT ck_betting_recommendations_kelly_fraction CHECK (kelly_fraction BETWEEN 0 AND 1),
    CONSTRAINT ck_betting_recommendations_stake CHECK (stake >= 0),
    CONSTRAINT fk_betting_recommendations_game_id_prediction_id FOREIGN KEY(game_id, prediction_id) REFERENCES analytics.ml_predictions (game_id, prediction_id),
    CONSTRAINT fk_betting_recommendations_game_id FOREIGN KEY(game_id) REFERENCES curated.enhanced_games (game_id),
    CONSTRAINT fk_betting_recommendations_sportsbook_id FOREIGN KEY(sportsbook_id) REFERENCES curated.sportsbooks (sportsbook_id)
);

COMMENT ON TABLE analytics.betting_recommendations IS 'Bets that are advised: where, at what price, how much';
COMMENT ON COLUMN analytics.betting_recommendations.game_id IS
    'The game';
COMMENT ON COLUMN analytics.betting_recommendations.recommendation_id IS
    'Surrogate id';
COMMENT ON COLUMN analytics.betting_recommendations.sportsbook_id IS
    'The book to bet at';
COMMENT ON COLUMN analytics.betting_recommendations.prediction_id IS
    'The prediction that it follows from; NULL: of no model';
COMMENT ON COLUMN analytics.betting_recommendations.strategy IS
    'Name and version of the strategy';
COMMENT ON COLUMN analytics.betting_recommendations.price IS
    'American odds: US dollars won on 100, or staked to win 100 if negative';
COMMENT ON COLUMN analytics.betting_recommendations.stake IS
    'Advised stake, units';
COMMENT ON COLUMN analytics.betting_recommendations.expected_value IS
    'Expected profit, percent of the stake';
COMMENT ON COLUMN analytics.betting_recommendations.kelly_fraction IS
    'Share of the bankroll by the Kelly criterion, 0 to 1';
COMMENT ON COLUMN analytics.betting_recommendations.status IS
    'open, taken, expired or withdrawn';
COMMENT ON COLUMN analytics.betting_recommendations.recommended_at IS
    'When it was advised, UTC';
COMMENT ON COLUMN analytics.betting_recommendations.expires_at IS
    'When it lapses, UTC; NULL: at the start';
COMMENT ON COLUMN analytics.betting_recommendations.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN analytics.betting_recommendations.updated_at IS
    'When the row was last changed, UTC; set by the writer';
COMMENT ON COLUMN analytics.betting_recommendations.game_date IS
    'The game''s official date';
COMMENT ON COLUMN analytics.betting_recommendations.market_type IS
    'moneyline, spread or total';
COMMENT ON COLUMN analytics.betting_recommendations.side IS
    'home or away; over or under for a total';
COMMENT ON COLUMN analytics.betting_recommendations.line_value IS
    'Runs: the handicap of the side, or the total; NULL for a moneyline';

CREATE INDEX ix_betting_recommendations_game_id ON analytics.betting_recommendations (game_id);
CREATE INDEX ix_betting_recommendations_sportsbook_id ON analytics.betting_recommendations (sportsbook_id);
CREATE INDEX ix_betting_recommendations_expected_value ON analytics.betting_recommendations (expected_value);
CREATE INDEX ix_betting_recommendations_status ON analytics.betting_recommendations (status);
CREATE INDEX ix_betting_recommendations_recommended_at ON analytics.betting_recommendations (recommended_at);
CREATE INDEX ix_betting_recommendations_game_date ON analytics.betting_recommendations (game_date);
