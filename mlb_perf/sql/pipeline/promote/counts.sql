-- What became of the batch: raw rows that gave something, parts by their fate.
SELECT count(*) FILTER (WHERE is_promoted), count(*) FILTER (WHERE NOT is_promoted AND is_rejected),
    (SELECT count(*) FROM (SELECT DISTINCT raw_id, reason_code, record FROM rejection) AS distinct_ones),
    (SELECT count(*) FROM judged WHERE reason_code = 'not_offered')
        + (SELECT count(*) FROM judged_split WHERE reason_code = 'not_offered')
FROM (
    SELECT raw_id IN (SELECT raw_id FROM judged WHERE reason_code IS NULL
                      UNION ALL SELECT raw_id FROM judged_split WHERE reason_code IS NULL)
            OR NOT ({always}) AND raw_id NOT IN (SELECT raw_id FROM rejection) AS is_promoted,
        raw_id IN (SELECT raw_id FROM rejection) AS is_rejected
    FROM batch
) AS fate
