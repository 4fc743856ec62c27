-- The Odds API v4: odds of one event at one bookmaker at one moment.
-- table
CREATE TABLE raw_data.odds_api_odds (
    external_game_id VARCHAR(64) NOT NULL,
    sportsbook_key VARCHAR(64) NOT NULL,
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    payload JSONB NOT NULL,
    origin VARCHAR(255),
    ingested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_odds_api_odds PRIMARY KEY (external_game_id, sportsbook_key, collected_at)
);

COMMENT ON TABLE raw_data.odds_api_odds IS 'The Odds API v4: odds of one event at one bookmaker at one moment';
COMMENT ON COLUMN raw_data.odds_api_odds.external_game_id IS
    'The source''s own id of the game, as text';
COMMENT ON COLUMN raw_data.odds_api_odds.sportsbook_key IS
    'The source''s own key of the sportsbook, as text';
COMMENT ON COLUMN raw_data.odds_api_odds.collected_at IS
    'The moment at which the source said this, UTC';
COMMENT ON COLUMN raw_data.odds_api_odds.payload IS
    'The record as it was received';
COMMENT ON COLUMN raw_data.odds_api_odds.origin IS
    'File and line, or URL, that the record came from';
COMMENT ON COLUMN raw_data.odds_api_odds.ingested_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN raw_data.odds_api_odds.processed_at IS
    'When the row was promoted or rejected, UTC; NULL is hot: still to be done';

-- indexes
CREATE INDEX ix_odds_api_odds_collected_at ON raw_data.odds_api_odds USING btree (collected_at);
CREATE INDEX ix_odds_api_odds_hot ON raw_data.odds_api_odds USING btree (collected_at) WHERE processed_at IS NULL;

-- foreign keys
