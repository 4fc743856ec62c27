-- Features of a game as of a moment, without look-ahead.
-- table
CREATE TABLE curated.ml_features (
    as_of TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    game_id INTEGER NOT NULL,
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

COMMENT ON TABLE curated.ml_features IS 'Features of a game as of a moment, without look-ahead';
COMMENT ON COLUMN curated.ml_features.as_of IS
    'Nothing in the row was seen after this moment, UTC';
COMMENT ON COLUMN curated.ml_features.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN curated.ml_features.updated_at IS
    'When the row was last changed, UTC; set by the writer';
COMMENT ON COLUMN curated.ml_features.game_id IS
    'The game';
COMMENT ON COLUMN curated.ml_features.game_date IS
    'The game''s official date';
COMMENT ON COLUMN curated.ml_features.steam_moves IS
    'Steam moves up to as_of, count';
COMMENT ON COLUMN curated.ml_features.book_count IS
    'Books with a line at as_of, count';
COMMENT ON COLUMN curated.ml_features.feature_set IS
    'Name and version of the feature set';
COMMENT ON COLUMN curated.ml_features.data_quality_score IS
    '0 (useless) to 1 (complete and consistent)';
COMMENT ON COLUMN curated.ml_features.home_win_probability IS
    'Consensus of the books without vig, 0 to 1';
COMMENT ON COLUMN curated.ml_features.moneyline_dispersion IS
    'Standard deviation of the books'' probabilities without vig, 0 to 1';
COMMENT ON COLUMN curated.ml_features.run_line IS
    'Consensus handicap of the home team, runs';
COMMENT ON COLUMN curated.ml_features.total_line IS
    'Consensus total, runs';
COMMENT ON COLUMN curated.ml_features.probability_change IS
    'home_win_probability minus its value at the opening, -1 to 1';
COMMENT ON COLUMN curated.ml_features.home_bets_percent IS
    'Share of the moneyline bets on the home team, percent 0 to 100';
COMMENT ON COLUMN curated.ml_features.home_money_percent IS
    'Share of the moneyline handle on the home team, percent 0 to 100';
COMMENT ON COLUMN curated.ml_features.features IS
    'Further features by name; numbers';

-- indexes

-- foreign keys
ALTER TABLE curated.ml_features ADD CONSTRAINT fk_ml_features_game_id FOREIGN KEY (game_id) REFERENCES curated.enhanced_games (game_id);
