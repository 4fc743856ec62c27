-- A partition for each month that has rows, and for those up to {ahead} months ahead of now.
DO $months$
DECLARE
    first_month date;
    last_month date;
    month_start date;
BEGIN
    SELECT date_trunc('month', least(min({column}), now()) {zone})::date,
        date_trunc('month', greatest(max({column}), now() + interval '{ahead} months') {zone})::date
    INTO first_month, last_month
    FROM {live};
    FOR month_start IN
        SELECT generate_series(first_month, last_month, interval '1 month')::date
    LOOP
        EXECUTE format(
            'CREATE TABLE {schema}.%I PARTITION OF {shadow} FOR VALUES FROM (%L) TO (%L)',
            '{table}_' || to_char(month_start, 'YYYY_MM'),
            to_char(month_start, 'YYYY-MM-DD{suffix}'),
            to_char(month_start + interval '1 month', 'YYYY-MM-DD{suffix}')
        );
    END LOOP;
END
$months$
