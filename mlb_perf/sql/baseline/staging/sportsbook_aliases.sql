-- Which sportsbook a source means by a key or a name.

CREATE TABLE staging.sportsbook_aliases (
    source VARCHAR(32) NOT NULL,
    alias VARCHAR(96) NOT NULL,
    sportsbook_id BIGINT NOT NULL,
    CONSTRAINT pk_sportsbook_aliases PRIMARY KEY (source, alias),
    CONSTRAINT fk_sportsbook_aliases_sportsbook_id FOREIGN KEY(sportsbook_id) REFERENCES curated.sportsbooks (sportsbook_id)
);

COMMENT ON TABLE staging.sportsbook_aliases IS 'Which sportsbook a source means by a key or a name';
COMMENT ON COLUMN staging.sportsbook_aliases.source IS
    'The feed that uses the key; any if no source means another book';
COMMENT ON COLUMN staging.sportsbook_aliases.alias IS
    'The key, id or name; compared without case and outer blanks';
COMMENT ON COLUMN staging.sportsbook_aliases.sportsbook_id IS
    'The sportsbook that is meant';

CREATE INDEX ix_sportsbook_aliases_alias ON staging.sportsbook_aliases (alias);
CREATE INDEX ix_sportsbook_aliases_sportsbook_id ON staging.sportsbook_aliases (sportsbook_id);
