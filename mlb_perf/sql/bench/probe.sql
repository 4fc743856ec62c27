CREATE TABLE IF NOT EXISTS public.mlb_perf_bench_probe (
    id bigint PRIMARY KEY,
    written_at timestamptz NOT NULL,
    home text NOT NULL,
    away text NOT NULL,
    note text NOT NULL
);
INSERT INTO public.mlb_perf_bench_probe
SELECT n, timestamptz '2026-01-01 00:00:00+00' + n * interval '1 hour', 'home ' || n, 'away ' || n, repeat('x', 150)
FROM generate_series(1, {rows}) AS n
ON CONFLICT DO NOTHING
