-- What one market of a game did from opening to closing.

CREATE TABLE curated.ml_market_analysis (
    game_id BIGINT NOT NULL,
    game_date DATE NOT NULL,
    market_type VARCHAR(16) NOT NULL,
    opening_line NUMERIC(6, 1),
    closing_line NUMERIC(6, 1),
    opening_probability NUMERIC(9, 8),
    closing_probability NUMERIC(9, 8),
    average_vig NUMERIC(9, 8),
    sharp_side VARCHAR(16),
    book_count INTEGER NOT NULL,
    movement_count INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_ml_market_analysis PRIMARY KEY (game_id, game_date, market_type),
    CONSTRAINT ck_ml_market_analysis_market_type CHECK (market_type IN ('moneyline', 'spread', 'total')),
    CONSTRAINT ck_ml_market_analysis_opening_line_halves CHECK (opening_line * 2 = trunc(opening_line * 2) AND opening_line BETWEEN -999.5 AND 999.5),
    CONSTRAINT ck_ml_market_analysis_closing_line_halves CHECK (closing_line * 2 = trunc(closing_line * 2) AND closing_line BETWEEN -999.5 AND 999.5),
    CONSTRAINT ck_ml_market_analysis_opening_probability CHECK (opening_probability BETWEEN 0 AND 1),
    CONSTRAINT ck_ml_market_analysis_closing_probability CHECK (closing_probability BETWEEN 0 AND 1),
    CONSTRAINT ck_ml_market_analysis_average_vig CHECK (average_vig BETWEEN -1 AND 1),
    CONSTRAINT ck_ml_market_analysis_sharp_side CHECK (sharp_side IN ('home', 'away', 'over', 'under')),
    CONSTRAINT ck_ml_market_analysis_counts CHECK (book_count >= 0 AND movement_count >= 0),
    CONSTRAINT fk_ml_market_analysis_game_id FOREIGN KEY(game_id) REFERENCES curated.enhanced_games (game_id)
);

COMMENT ON TABLE curated.ml_market_analysis IS 'What one market of a game did from opening to closing';
COMMENT ON COLUMN curated.ml_market_analysis.game_id IS
    'The game';
COMMENT ON COLUMN curated.ml_market_analysis.game_date IS
    'The game''s official date';
COMMENT ON COLUMN curated.ml_market_analysis.market_type IS
    'moneyline, spread or total';
COMMENT ON COLUMN curated.ml_market_analysis.opening_line IS
    'Consensus line at the opening, runs';
COMMENT ON COLUMN curated.ml_market_analysis.closing_line IS
    'Consensus line at the close, runs';
COMMENT ON COLUMN curated.ml_market_analysis.opening_probability IS
    'Of home or over, without vig, at the opening, 0 to 1';
COMMENT ON COLUMN curated.ml_market_analysis.closing_probability IS
    'Of home or over, without vig, at the close, 0 to 1';
COMMENT ON COLUMN curated.ml_market_analysis.average_vig IS
    'Mean over the books of the implied probabilities'' sum minus 1, at the close';
COMMENT ON COLUMN curated.ml_market_analysis.sharp_side IS
    'The side that handle and line agree on against the bets, if any';
COMMENT ON COLUMN curated.ml_market_analysis.book_count IS
    'Books that offered the market, count';
COMMENT ON COLUMN curated.ml_market_analysis.movement_count IS
    'Changes of line over all books, count';
COMMENT ON COLUMN curated.ml_market_analysis.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN curated.ml_market_analysis.updated_at IS
    'When the row was last changed, UTC; set by the writer';

CREATE INDEX ix_ml_market_analysis_game_id ON curated.ml_market_analysis (game_id);
CREATE INDEX ix_ml_market_analysis_game_date ON curated.ml_market_analysis (game_date);
CREATE INDEX ix_ml_market_analysis_market_type ON curated.ml_market_analysis (market_type);
CREATE INDEX ix_ml_market_analysis_sharp_side ON curated.ml_market_analysis (sharp_side);
