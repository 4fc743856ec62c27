-- Which team a source means by a spelling or a code.

CREATE TABLE staging.team_aliases (
    league_id BIGINT NOT NULL,
    source VARCHAR(32) NOT NULL,
    alias VARCHAR(96) NOT NULL,
    team_id BIGINT NOT NULL,
    CONSTRAINT pk_team_aliases PRIMARY KEY (league_id, source, alias),
    CONSTRAINT fk_team_aliases_league_id FOREIGN KEY(league_id) REFERENCES curated.leagues (league_id),
    CONSTRAINT fk_team_aliases_team_id FOREIGN KEY(team_id) REFERENCES curated.teams (team_id)
);

COMMENT ON TABLE staging.team_aliases IS 'Which team a source means by a spelling or a code';
COMMENT ON COLUMN staging.team_aliases.league_id IS
    'The team''s league';
COMMENT ON COLUMN staging.team_aliases.source IS
    'The feed that spells it so; any if no source means another team';
COMMENT ON COLUMN staging.team_aliases.alias IS
    'The spelling or code; compared without case and outer blanks';
COMMENT ON COLUMN staging.team_aliases.team_id IS
    'The team that is meant';

CREATE INDEX ix_team_aliases_alias ON staging.team_aliases (alias);
CREATE INDEX ix_team_aliases_team_id ON staging.team_aliases (team_id);
