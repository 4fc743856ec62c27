-- Past games whose staged quotes were compacted, once each.

CREATE TABLE staging.compacted_games (
    game_id BIGINT NOT NULL,
    quotes BIGINT NOT NULL,
    deleted BIGINT NOT NULL,
    compacted_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_compacted_games PRIMARY KEY (game_id)
);

COMMENT ON TABLE staging.compacted_games IS 'Past games whose staged quotes were compacted, once each';
COMMENT ON COLUMN staging.compacted_games.game_id IS
    'curated.enhanced_games.game_id';
COMMENT ON COLUMN staging.compacted_games.quotes IS
    'Quotes that were staged until then, count';
COMMENT ON COLUMN staging.compacted_games.deleted IS
    'Those that were deleted, count';
COMMENT ON COLUMN staging.compacted_games.compacted_at IS
    'When the row was written, UTC';
