-- Tables with an index each, for the monitoring to look at; the caller rolls them back.
DO $do$
BEGIN
    CREATE SCHEMA mlb_perf_bench;
    FOR number IN 1..:relations LOOP
        EXECUTE format('CREATE TABLE mlb_perf_bench.t%s (a bigint PRIMARY KEY, b text)', number);
    END LOOP;
END
$do$
