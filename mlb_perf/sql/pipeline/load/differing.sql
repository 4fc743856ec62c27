-- Records of a batch whose key is there with another payload, by the line that they were of the
-- COPY, from 0, with the standing row's origin and payload. COPY wrote them in that order into a
-- new table. A row that was stored twice differs in its own id and time stamps, and one may say
-- what kind of price it holds; neither is a difference.
-- OFFSET 0, because so it can only be a probe of the primary key: a join may read the whole table.
SELECT i.line, standing.origin, standing.payload
FROM (
    SELECT *, row_number() OVER (ORDER BY ctid) - 1 AS line FROM pg_temp.incoming
) AS i
CROSS JOIN LATERAL (
    SELECT coalesce(r.origin, 'a row without an origin') AS origin, r.payload::text AS payload
    FROM {rows} AS r
    WHERE {same_key} AND r.payload <> i.payload
      AND (jsonb_typeof(r.payload) <> 'object'
           OR r.payload - ARRAY['id', 'created_at', 'updated_at', 'odds_format']
              <> i.payload - ARRAY['id', 'created_at', 'updated_at', 'odds_format'])
    OFFSET 0
    {lock}
) AS standing
ORDER BY i.line
