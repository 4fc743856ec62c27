-- Records of a batch whose key is there with another payload, by the line that they were of the
-- COPY, from 0, and where that one came from. COPY wrote them in that order into a new table.
-- A row that somebody stored twice differs in his own id and time stamps; that is no difference.
-- A subquery per record, because it can only be a probe of the primary key: a join may read the
-- whole table.
SELECT line, standing
FROM (
    SELECT i.line, (
        SELECT coalesce(r.origin, 'a row without an origin')
        FROM raw_data.{table} AS r
        WHERE {same_key} AND r.payload <> i.payload
          AND (jsonb_typeof(r.payload) <> 'object'
               OR r.payload - ARRAY['id', 'created_at', 'updated_at']
                  <> i.payload - ARRAY['id', 'created_at', 'updated_at'])
    ) AS standing
    FROM (
        SELECT *, row_number() OVER (ORDER BY ctid) - 1 AS line FROM pg_temp.incoming
    ) AS i
) AS compared
WHERE standing IS NOT NULL
ORDER BY line
