-- Sportsbooks; staging.sportsbook_aliases holds the feeds' keys for them.

CREATE TABLE curated.sportsbooks (
    sportsbook_id BIGSERIAL NOT NULL,
    key VARCHAR(64) NOT NULL,
    name VARCHAR(96) NOT NULL,
    region VARCHAR(16) NOT NULL,
    is_sharp BOOLEAN DEFAULT 'false' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_sportsbooks PRIMARY KEY (sportsbook_id),
    CONSTRAINT uq_sportsbooks_key UNIQUE (key)
);

COMMENT ON TABLE curated.sportsbooks IS 'Sportsbooks; staging.sportsbook_aliases holds the feeds'' keys for them';
COMMENT ON COLUMN curated.sportsbooks.sportsbook_id IS
    'Surrogate id';
COMMENT ON COLUMN curated.sportsbooks.key IS
    'Canonical key, lower case, e.g. draftkings';
COMMENT ON COLUMN curated.sportsbooks.name IS
    'Name as it is shown';
COMMENT ON COLUMN curated.sportsbooks.region IS
    'Where it takes bets: us, us2, uk, eu, au, offshore; or consensus';
COMMENT ON COLUMN curated.sportsbooks.is_sharp IS
    'Whether other books follow its line (a market maker)';
COMMENT ON COLUMN curated.sportsbooks.created_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN curated.sportsbooks.updated_at IS
    'When the row was last changed, UTC; set by the writer';
