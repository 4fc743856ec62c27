-- Games that are to be closed, and from when on.

CREATE TABLE staging.closing_queue (
    game_id BIGINT NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_closing_queue PRIMARY KEY (game_id)
);

COMMENT ON TABLE staging.closing_queue IS 'Games that are to be closed, and from when on';
COMMENT ON COLUMN staging.closing_queue.game_id IS
    'curated.enhanced_games.game_id';
COMMENT ON COLUMN staging.closing_queue.due_at IS
    'When the game can be closed: its start, or when its result came, UTC';
