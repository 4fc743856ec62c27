-- How tables are partitioned, and for how long.

CREATE TABLE performance_monitoring.partition_policies (
    schema_name VARCHAR(64) NOT NULL,
    table_name VARCHAR(64) NOT NULL,
    partition_column VARCHAR(64) NOT NULL,
    strategy VARCHAR(16) NOT NULL,
    hash_modulus INTEGER,
    months_ahead INTEGER,
    retain_months INTEGER,
    graveyard_days INTEGER DEFAULT '30' NOT NULL,
    is_held BOOLEAN DEFAULT 'false' NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_partition_policies PRIMARY KEY (schema_name, table_name),
    CONSTRAINT ck_partition_policies_strategy CHECK (strategy IN ('month', 'hash')),
    CONSTRAINT ck_partition_policies_amounts CHECK (months_ahead >= 0 AND retain_months > 0 AND graveyard_days >= 0 AND hash_modulus > 1)
);

COMMENT ON TABLE performance_monitoring.partition_policies IS 'How tables are partitioned, and for how long';
COMMENT ON COLUMN performance_monitoring.partition_policies.schema_name IS
    'The schema';
COMMENT ON COLUMN performance_monitoring.partition_policies.table_name IS
    'The partitioned table';
COMMENT ON COLUMN performance_monitoring.partition_policies.partition_column IS
    'The partition key';
COMMENT ON COLUMN performance_monitoring.partition_policies.strategy IS
    'month: a range of one month UTC; or hash';
COMMENT ON COLUMN performance_monitoring.partition_policies.hash_modulus IS
    'Hash partitions, count; NULL for month';
COMMENT ON COLUMN performance_monitoring.partition_policies.months_ahead IS
    'Months to have ready ahead of now, count; NULL for hash';
COMMENT ON COLUMN performance_monitoring.partition_policies.retain_months IS
    'Months to keep, count; NULL keeps them all';
COMMENT ON COLUMN performance_monitoring.partition_policies.graveyard_days IS
    'How long a detached partition is kept before it is dropped, days';
COMMENT ON COLUMN performance_monitoring.partition_policies.is_held IS
    'Whether nothing of it may be detached or dropped';
COMMENT ON COLUMN performance_monitoring.partition_policies.updated_at IS
    'When the row was last changed, UTC; set by the writer';
