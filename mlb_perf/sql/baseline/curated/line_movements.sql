-- Changes of lines, with steam and reverse line movement.

CREATE TABLE curated.line_movements (
    game_id BIGINT NOT NULL,
    game_date DATE NOT NULL,
    movement_id BIGSERIAL NOT NULL,
    sportsbook_id BIGINT NOT NULL,
    source VARCHAR(32) NOT NULL,
    market_type VARCHAR(16) NOT NULL,
    side VARCHAR(16) NOT NULL,
    moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    line_before NUMERIC(6, 1),
    line_after NUMERIC(6, 1),
    price_before INTEGER NOT NULL,
    price_after INTEGER NOT NULL,
    probability_change NUMERIC(9, 8) NOT NULL,
    books_moved INTEGER DEFAULT '1' NOT NULL,
    bets_percent NUMERIC(6, 3),
    is_steam_move BOOLEAN DEFAULT 'false' NOT NULL,
    is_reverse_line_movement BOOLEAN DEFAULT 'false' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_line_movements PRIMARY KEY (game_id, game_date, movement_id),
    CONSTRAINT uq_line_movements_natural_key UNIQUE (game_id, game_date, sportsbook_id, market_type, side, source, moved_at),
    CONSTRAINT ck_line_movements_line_before_given CHECK ((market_type = 'moneyline') = (line_before IS NULL)),
    CONSTRAINT ck_line_movements_line_after_given CHECK ((market_type = 'moneyline') = (line_after IS NULL)),
    CONSTRAINT ck_line_movements_market_type CHECK (market_type IN ('moneyline', 'spread', 'total')),
    CONSTRAINT ck_line_movements_side CHECK (CASE market_type WHEN 'total' THEN side IN ('over', 'under') ELSE side IN ('home', 'away') END),
    CONSTRAINT ck_line_movements_price_before CHECK (price_before >= 100 OR price_before <= -100),
    CONSTRAINT ck_line_movements_price_after CHECK (price_after >= 100 OR price_after <= -100),
    CONSTRAINT ck_line_movements_line_before_halves CHECK (line_before * 2 = trunc(line_before * 2) AND line_before BETWEEN -999.5 AND 999.5),
    CONSTRAINT ck_line_movements_line_after_halves CHECK (line_after * 2 = trunc(line_after * 2) AND line_after BETWEEN -999.5 AND 999.5),
    CONSTRAINT ck_line_movements_bets_percent CHECK (bets_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_line_movements_probability_change CHECK (probability_change BETWEEN -1 AND 1),
    CONSTRAINT ck_line_movements_books_moved CHECK (books_moved >= 1),
    CONSTRAINT fk_line_movements_game_id FOREIGN KEY(game_id) REFERENCES curated.enhanced_games (game_id),
    CONSTRAINT fk_line_movements_sportsbook_id FOREIGN KEY(sportsbook_id) REFERENCES curated.sportsbooks (sportsbook_id)
);

COMMENT ON TABLE curated.line_movements IS 'Changes of lines, with steam and reverse line movement';
COMMENT ON COLUMN curated.line_movements.game_id IS
    'The game';
COMMENT ON COLUMN curated.line_movements.game_date IS
    'The game''s official date';
COMMENT ON COLUMN curated.line_movements.movement_id IS
    'Surrogate id';
COMMENT ON COLUMN curated.line_movements.sportsbook_id IS
    'The sportsbook that moved';
COMMENT ON COLUMN curated.line_movements.source IS
    'The feed that reported it';
COMMENT ON COLUMN curated.line_movements.market_type IS
    'moneyline, spread or total';
COMMENT ON COLUMN curated.line_movements.side IS
    'home or away; over or under for a total';
COMMENT ON COLUMN curated.line_movements.moved_at IS
    'When the new line was first seen, UTC';
COMMENT ON COLUMN curated.line_movements.line_before IS
    'Runs before; NULL for a moneyline';
COMMENT ON COLUMN curated.line_movements.line_after IS
    'Runs after; NULL for a moneyline';
COMMENT ON COLUMN curated.line_movements.price_before IS
    'American odds before';
COMMENT ON COLUMN curated.line_movements.price_after IS
    'American odds after';
COMMENT ON COLUMN curated.line_movements.probability_change IS
    'Implied probability after minus before, -1 to 1';
COMMENT ON COLUMN curated.line_movements.books_moved IS
    'Books that moved the same way within the steam window, count';
COMMENT ON COLUMN curated.line_movements.bets_percent IS
    'Share of the bets on the side when it moved, percent 0 to 100; NULL if unknown';
COMMENT ON COLUMN curated.line_movements.is_steam_move IS
    'Whether enough books moved together within the steam window';
COMMENT ON COLUMN curated.line_movements.is_reverse_line_movement IS
    'Whether the line moved against the majority of bets';
COMMENT ON COLUMN curated.line_movements.created_at IS
    'When the row was written, UTC';

CREATE INDEX ix_line_movements_game_id ON curated.line_movements (game_id);
CREATE INDEX ix_line_movements_game_date ON curated.line_movements (game_date);
CREATE INDEX ix_line_movements_sportsbook_id ON curated.line_movements (sportsbook_id);
CREATE INDEX ix_line_movements_market_type ON curated.line_movements (market_type);
CREATE INDEX ix_line_movements_side ON curated.line_movements (side);
CREATE INDEX ix_line_movements_moved_at ON curated.line_movements (moved_at);
CREATE INDEX ix_line_movements_is_steam_move ON curated.line_movements (is_steam_move);
CREATE INDEX ix_line_movements_is_reverse_line_movement ON curated.line_movements (is_reverse_line_movement);
