-- Rows that the batch staged, how many of them are valid, and parts that it rejected, by source.
SELECT source, sum(staged)::bigint, sum(valid)::bigint, sum(rejected)::bigint
FROM (
    SELECT source, staged, valid, 0 AS rejected FROM staged_total
    UNION ALL
    SELECT left(batch.source, 32), 0, 0, 1 FROM rejection JOIN batch USING (raw_id)
) AS every
GROUP BY source
