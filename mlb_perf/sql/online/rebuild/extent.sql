-- The first and the last value of a month's column, as text, and their months in UTC, counted from
-- the year 0; whether some row has an infinite one. A year that no client can read is no obstacle.

WITH edge AS (
    SELECT
        min({column}) FILTER (WHERE isfinite({column})) AS first,
        max({column}) FILTER (WHERE isfinite({column})) AS last,
        coalesce(bool_or(NOT isfinite({column})), false) AS is_endless
    FROM {source}
)
SELECT
    CAST(e.first AS text) AS first,
    CAST(e.last AS text) AS last,
    CASE WHEN pg_typeof(e.first) = 'date'::regtype
        THEN CAST(extract(year FROM e.first) * 12 + extract(month FROM e.first) - 1 AS bigint)
        ELSE CAST(extract(year FROM CAST(e.first AS timestamptz) AT TIME ZONE 'UTC') * 12
            + extract(month FROM CAST(e.first AS timestamptz) AT TIME ZONE 'UTC') - 1 AS bigint)
    END AS first_month,
    CASE WHEN pg_typeof(e.last) = 'date'::regtype
        THEN CAST(extract(year FROM e.last) * 12 + extract(month FROM e.last) - 1 AS bigint)
        ELSE CAST(extract(year FROM CAST(e.last AS timestamptz) AT TIME ZONE 'UTC') * 12
            + extract(month FROM CAST(e.last AS timestamptz) AT TIME ZONE 'UTC') - 1 AS bigint)
    END AS last_month,
    e.is_endless,
    pg_typeof(e.first) = 'date'::regtype AS is_date,
    CAST(now() AT TIME ZONE 'UTC' AS date) AS today
FROM edge AS e
