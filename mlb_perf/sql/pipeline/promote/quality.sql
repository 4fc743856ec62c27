-- The quality of what a run handled, by source: share of valid rows and of rejected
-- parts, against the thresholds that they should meet.
INSERT INTO operational.data_quality_metrics (
    execution_id, table_name, source, metric, value, threshold, is_met
)
SELECT :execution_id, 'staging', source, told.metric, told.value, told.threshold,
    CASE told.metric WHEN 'valid_percent' THEN told.value >= told.threshold
        ELSE told.value <= told.threshold END
FROM unnest(
    CAST(:sources AS text[]), CAST(:staged AS bigint[]), CAST(:valid AS bigint[]),
    CAST(:rejected AS bigint[])
) AS handled (source, staged, valid, rejected)
CROSS JOIN LATERAL (VALUES
    ('valid_percent', 100.0 * valid / nullif(staged, 0), 90.0),
    ('rejected_percent', 100.0 * rejected / nullif(staged + rejected, 0), 5.0)
) AS told (metric, value, threshold)
WHERE told.value IS NOT NULL
ORDER BY source, told.metric
