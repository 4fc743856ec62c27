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
