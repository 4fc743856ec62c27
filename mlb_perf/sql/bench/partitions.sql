-- A table as the feeds' are, by month, for the measurements of mlb_perf.bench.partitions.
CREATE SCHEMA {schema};

CREATE TABLE {schema}.odds (
    external_game_id text NOT NULL,
    sportsbook_key text NOT NULL,
    collected_at timestamptz NOT NULL,
    processed_at timestamptz,
    payload jsonb NOT NULL,
    PRIMARY KEY (external_game_id, sportsbook_key, collected_at)
) PARTITION BY RANGE (collected_at);

CREATE INDEX ON {schema}.odds (collected_at);
CREATE INDEX ON {schema}.odds (external_game_id) WHERE processed_at IS NULL;

INSERT INTO performance_monitoring.partition_policies
    (schema_name, table_name, partition_column, strategy)
VALUES ('{schema}', 'odds', 'collected_at', 'month');
