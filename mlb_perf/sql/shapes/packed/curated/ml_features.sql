-- Features of a game as of a moment, without look-ahead.
-- table
CREATE TABLE curated.ml_features (
    game_id BIGINT NOT NULL,
    as_of TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    game_date DATE NOT NULL,
    steam_moves INTEGER DEFAULT '0' NOT NULL,
    book_count INTEGER NOT NULL,
    feature_set VARCHAR(32) NOT NULL,
    data_quality_score NUMERIC(4, 3) DEFAULT '0' NOT NULL,
    home_win_probability NUMERIC(9, 8),
    moneyline_dispersion NUMERIC(9, 8),
    run_line NUMERIC(6, 1),
    total_line NUMERIC(6, 1),
    probability_change NUMERIC(9, 8),
    home_bets_percent NUMERIC(6, 3),
    home_money_percent NUMERIC(6, 3),
    features JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_ml_features PRIMARY KEY (game_id, game_date, feature_set, as_of),
    CONSTRAINT ck_ml_features_home_win_probability CHECK (home_win_probability BETWEEN 0 AND 1),
    CONSTRAINT ck_ml_features_moneyline_dispersion CHECK (moneyline_dispersion BETWEEN 0 AND 1),
    CONSTRAINT ck_ml_features_home_bets_percent CHECK (home_bets_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_ml_features_home_money_percent CHECK (home_money_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_ml_features_data_quality_score CHECK (data_quality_score BETWEEN 0 AND 1),
    CONSTRAINT ck_ml_features_book_count CHECK (book_count >= 0)
);
