DO $do$ BEGIN
    IF to_regnamespace({name}) IS NULL THEN
        CREATE SCHEMA {schema};
        COMMENT ON SCHEMA {schema} IS 'The journal of mlb_perf.online';
    END IF;
END $do$;

CREATE TABLE {log} (
    log_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    revision text,
    operation text NOT NULL,
    object_name text NOT NULL,
    status text NOT NULL CHECK (status IN ('succeeded', 'failed', 'retried')),
    duration_ms double precision CHECK (duration_ms >= 0),
    lock_wait_ms double precision CHECK (lock_wait_ms >= 0),
    rows_affected bigint,
    error_sqlstate text,
    error_message text,
    logged_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE {log} IS 'Steps of revisions, with durations and lock waits';

CREATE TABLE {rebuilds} (
    rebuild_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    schema_name text NOT NULL,
    table_name text NOT NULL,
    revision text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('upgrade', 'downgrade')),
    phase text NOT NULL CHECK (phase IN ('prepared', 'copying', 'verified', 'swapped', 'finished')),
    shadow_name text NOT NULL,
    copied_to jsonb,
    end_key jsonb,
    rows_copied bigint DEFAULT 0 NOT NULL CHECK (rows_copied >= 0),
    content_hash text,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    UNIQUE (schema_name, table_name, revision, direction)
);
COMMENT ON TABLE {rebuilds} IS 'Online rebuilds of tables, and the phase of each';
