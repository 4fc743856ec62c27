-- What each source calls a game.

CREATE TABLE curated.game_id_mappings (
    source VARCHAR(32) NOT NULL,
    external_game_id VARCHAR(64) NOT NULL,
    game_id BIGINT NOT NULL,
    league_id BIGINT NOT NULL,
    match_method VARCHAR(32) NOT NULL,
    confidence NUMERIC(4, 3) DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_game_id_mappings PRIMARY KEY (source, external_game_id),
    CONSTRAINT ck_game_id_mappings_confidence CHECK (confidence BETWEEN 0 AND 1),
    CONSTRAINT fk_game_id_mappings_league_id FOREIGN KEY(league_id) REFERENCES curated.leagues (league_id)
);

COMMENT ON TABLE curated.game_id_mappings IS 'What each source calls a game';
COMMENT ON COLUMN curated.game_id_mappings.source IS
    'The feed';
COMMENT ON COLUMN curated.game_id_mappings.external_game_id IS
    'The source''s own id of the game, as text';
COMMENT ON COLUMN curated.game_id_mappings.game_id IS
    'curated.enhanced_games.game_id';
COMMENT ON COLUMN curated.game_id_mappings.league_id IS
    'The league';
COMMENT ON COLUMN curated.game_id_mappings.match_method IS
    'How it was matched: source_id, teams_and_start, by_hand';
COMMENT ON COLUMN curated.game_id_mappings.confidence IS
    '0 to 1; below 1 where the match is by teams and start';
COMMENT ON COLUMN curated.game_id_mappings.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN curated.game_id_mappings.updated_at IS
    'When the row was last changed, UTC; set by the writer';

CREATE INDEX ix_game_id_mappings_external_game_id ON curated.game_id_mappings (external_game_id);
CREATE INDEX ix_game_id_mappings_game_id ON curated.game_id_mappings (game_id);
CREATE INDEX ix_game_id_mappings_league_id ON curated.game_id_mappings (league_id);
