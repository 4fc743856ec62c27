-- Ballparks, with their time zones.

CREATE TABLE curated.venues (
    venue_id BIGSERIAL NOT NULL,
    statsapi_venue_id BIGINT,
    name VARCHAR(96) NOT NULL,
    former_names VARCHAR(96)[] DEFAULT '{}' NOT NULL,
    city VARCHAR(64) NOT NULL,
    region VARCHAR(64),
    country VARCHAR(2) NOT NULL,
    time_zone VARCHAR(64) NOT NULL,
    roof_type VARCHAR(16) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_venues PRIMARY KEY (venue_id),
    CONSTRAINT uq_venues_name UNIQUE (name),
    CONSTRAINT uq_venues_statsapi_venue_id UNIQUE (statsapi_venue_id),
    CONSTRAINT ck_venues_roof_type CHECK (roof_type IN ('open', 'retractable', 'fixed'))
);

COMMENT ON TABLE curated.venues IS 'Ballparks, with their time zones';
COMMENT ON COLUMN curated.venues.venue_id IS
    'Surrogate id';
COMMENT ON COLUMN curated.venues.statsapi_venue_id IS
    'MLB StatsAPI''s id of the venue';
COMMENT ON COLUMN curated.venues.name IS
    'Current name';
COMMENT ON COLUMN curated.venues.former_names IS
    'Other names that feeds use for it';
COMMENT ON COLUMN curated.venues.city IS
    'City';
COMMENT ON COLUMN curated.venues.region IS
    'State or province; NULL where none is used';
COMMENT ON COLUMN curated.venues.country IS
    'ISO 3166-1 alpha-2 code';
COMMENT ON COLUMN curated.venues.time_zone IS
    'IANA time zone, e.g. America/New_York';
COMMENT ON COLUMN curated.venues.roof_type IS
    'open, retractable or fixed';
COMMENT ON COLUMN curated.venues.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN curated.venues.updated_at IS
    'When the row was last changed, UTC; set by the writer';
