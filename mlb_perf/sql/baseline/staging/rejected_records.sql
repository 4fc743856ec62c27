-- Records that could not be promoted, each with its reason; none is lost.

CREATE TABLE staging.rejected_records (
    external_game_id VARCHAR(64) NOT NULL,
    rejection_id BIGSERIAL NOT NULL,
    source VARCHAR(32) NOT NULL,
    raw_table VARCHAR(64) NOT NULL,
    sportsbook_key VARCHAR(64),
    row_key VARCHAR(96),
    collected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason_code VARCHAR(64) NOT NULL,
    reason TEXT NOT NULL,
    record JSONB NOT NULL,
    origin VARCHAR(255),
    attempts INTEGER DEFAULT '1' NOT NULL,
    rejected_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    resolved_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_rejected_records PRIMARY KEY (external_game_id, rejection_id),
    CONSTRAINT ck_rejected_records_attempts CHECK (attempts >= 1)
);

COMMENT ON TABLE staging.rejected_records IS 'Records that could not be promoted, each with its reason; none is lost';
COMMENT ON COLUMN staging.rejected_records.external_game_id IS
    'The source''s id of the game; empty if the record has none';
COMMENT ON COLUMN staging.rejected_records.rejection_id IS
    'Surrogate id';
COMMENT ON COLUMN staging.rejected_records.source IS
    'The feed that the record came from';
COMMENT ON COLUMN staging.rejected_records.raw_table IS
    'The table in raw_data that holds the record';
COMMENT ON COLUMN staging.rejected_records.sportsbook_key IS
    'Part of the raw row''s key; NULL where the raw table has none';
COMMENT ON COLUMN staging.rejected_records.row_key IS
    'The rest of the raw row''s key (market, side, line) with / between; NULL where there is no more';
COMMENT ON COLUMN staging.rejected_records.collected_at IS
    'Part of the raw row''s key, UTC';
COMMENT ON COLUMN staging.rejected_records.reason_code IS
    'The rule that the record broke, e.g. unknown_team';
COMMENT ON COLUMN staging.rejected_records.reason IS
    'The rule and the offending value, as a sentence';
COMMENT ON COLUMN staging.rejected_records.record IS
    'The part of the payload that was rejected';
COMMENT ON COLUMN staging.rejected_records.origin IS
    'File and line, or URL, of the record';
COMMENT ON COLUMN staging.rejected_records.attempts IS
    'How often its promotion was tried, count';
COMMENT ON COLUMN staging.rejected_records.rejected_at IS
    'When the row was written, UTC';
COMMENT ON COLUMN staging.rejected_records.resolved_at IS
    'When it was promoted after all, UTC; NULL while it stands rejected';

CREATE INDEX ix_rejected_records_external_game_id ON staging.rejected_records (external_game_id);
CREATE INDEX ix_rejected_records_source ON staging.rejected_records (source);
CREATE INDEX ix_rejected_records_collected_at ON staging.rejected_records (collected_at);
CREATE INDEX ix_rejected_records_reason_code ON staging.rejected_records (reason_code);
CREATE INDEX ix_rejected_records_rejected_at ON staging.rejected_records (rejected_at);
CREATE INDEX ix_rejected_records_resolved_at ON staging.rejected_records (resolved_at);
