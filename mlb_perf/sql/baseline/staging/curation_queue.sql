-- Games with news in staging that is not yet curated.

CREATE TABLE staging.curation_queue (
    game_id BIGINT NOT NULL,
    queued_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    has_moved BOOLEAN DEFAULT 'false' NOT NULL,
    parked_at TIMESTAMP WITH TIME ZONE,
    reason TEXT,
    late_paths JSONB,
    CONSTRAINT pk_curation_queue PRIMARY KEY (game_id)
);

COMMENT ON TABLE staging.curation_queue IS 'Games with news in staging that is not yet curated';
COMMENT ON COLUMN staging.curation_queue.game_id IS
    'curated.enhanced_games.game_id';
COMMENT ON COLUMN staging.curation_queue.queued_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN staging.curation_queue.has_moved IS
    'Whether the game has another official date than its curated rows';
COMMENT ON COLUMN staging.curation_queue.parked_at IS
    'When the server refused the game''s curated rows, UTC; NULL while it waits';
COMMENT ON COLUMN staging.curation_queue.reason IS
    'Why it was refused; the next news of the game tries it again';
COMMENT ON COLUMN staging.curation_queue.late_paths IS
    'Paths that alone are to be recomputed, each [source, sportsbook_id, market_type, side]; NULL: all of the game''s';
