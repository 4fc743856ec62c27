-- The quality of what is in staging, by source: share of valid rows and of
-- standing rejections, against the thresholds that they should meet.
WITH rows AS (
    SELECT source, count(*) AS total, count(*) FILTER (WHERE validation_status = 'valid') AS valid
    FROM (
        SELECT source, validation_status FROM staging.betting_odds_unified
        UNION ALL
        SELECT source, validation_status FROM staging.betting_splits
    ) AS every
    GROUP BY source
),
rejected AS (
    SELECT source, count(*) AS standing
    FROM staging.rejected_records
    WHERE resolved_at IS NULL
    GROUP BY source
),
figure AS (
    SELECT coalesce(rows.source, rejected.source) AS source,
        100.0 * rows.valid / nullif(rows.total, 0) AS valid_percent,
        100.0 * coalesce(rejected.standing, 0)
            / nullif(coalesce(rows.total, 0) + coalesce(rejected.standing, 0), 0)
            AS rejected_percent
    FROM rows
    FULL JOIN rejected USING (source)
)
INSERT INTO operational.data_quality_metrics (
    execution_id, table_name, source, metric, value, threshold, is_met
)
SELECT :execution_id, 'staging', figure.source, told.metric, told.value, told.threshold,
    CASE told.metric WHEN 'valid_percent' THEN told.value >= told.threshold
        ELSE told.value <= told.threshold END
FROM figure
CROSS JOIN LATERAL (VALUES
    ('valid_percent', valid_percent, 90.0),
    ('rejected_percent', rejected_percent, 5.0)
) AS told (metric, value, threshold)
WHERE told.value IS NOT NULL
