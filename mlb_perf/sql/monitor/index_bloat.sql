-- How much of each B-tree is empty, estimated from the widths and the numbers of distinct keys that
-- ANALYZE found. A key that repeats is stored once, with 6 bytes for each row, if its type allows
-- that. is_known is false where a text column has no statistics that this role may read.
WITH keys AS (
    SELECT
        i.indexrelid, i.indisunique, n.nspname, t.relname AS table_name, c.relname, c.reltuples,
        pg_relation_size(c.oid) AS bytes,
        coalesce((SELECT o.option_value::integer FROM pg_options_to_table(c.reloptions) AS o
            WHERE o.option_name = 'fillfactor'), 90) / 100.0 AS fill,
        a.attlen, a.atttypid, i.indnatts > i.indnkeyatts AS has_payload,
        s.avg_width, s.null_frac, s.n_distinct, t.reltuples AS table_rows
    FROM pg_index AS i
    JOIN pg_class AS c ON c.oid = i.indexrelid AND c.relkind = 'i'
    JOIN pg_am AS m ON m.oid = c.relam AND m.amname = 'btree'
    JOIN pg_class AS t ON t.oid = i.indrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_attribute AS a ON a.attrelid = i.indexrelid AND a.attnum > 0
    LEFT JOIN pg_attribute AS ta ON ta.attrelid = i.indrelid AND ta.attnum = i.indkey[a.attnum - 1] AND ta.attnum > 0
    LEFT JOIN pg_stats AS s ON s.schemaname = n.nspname AND NOT s.inherited
        AND s.tablename = CASE WHEN ta.attname IS NULL THEN c.relname ELSE t.relname END
        AND s.attname = coalesce(ta.attname, a.attname)
    WHERE i.indisvalid AND c.relpages > 1 AND c.reltuples >= 0
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
),
entries AS (
    SELECT
        k.nspname, k.table_name, k.relname, k.reltuples, k.bytes, k.fill,
        -- The header with the line pointer, the bitmap of NULLs, and the columns, aligned to 8.
        12 + CASE WHEN max(k.null_frac) > 0 THEN 8 ELSE 0 END
            + ceil(sum(coalesce(k.avg_width, k.attlen)) / 8.0) * 8 AS entry_bytes,
        count(*) = count(*) FILTER (WHERE k.attlen > 0 OR k.avg_width IS NOT NULL) AS is_known,
        NOT bool_or(k.indisunique OR k.has_payload) AND bool_and(k.n_distinct IS NOT NULL)
            AND bool_and(k.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'bool'::regtype,
                'text'::regtype, 'varchar'::regtype, 'date'::regtype, 'timestamptz'::regtype,
                'timestamp'::regtype, 'uuid'::regtype, 'oid'::regtype)) AS is_shared,
        least(k.reltuples, exp(least(sum(ln(greatest(
            CASE WHEN k.n_distinct < 0 THEN -k.n_distinct * greatest(k.table_rows, 1) ELSE k.n_distinct END,
            1))), 60))) AS distinct_keys
    FROM keys AS k
    GROUP BY k.indexrelid, k.nspname, k.table_name, k.relname, k.reltuples, k.bytes, k.fill
),
needed AS (
    SELECT
        e.*,
        least(e.bytes, 8192 * (2 + ceil(1.01 / (8150 * e.fill) * least(
            e.reltuples * e.entry_bytes,
            CASE WHEN e.is_shared THEN e.distinct_keys * e.entry_bytes + e.reltuples * 6 END
        ))))::bigint AS needed_bytes
    FROM entries AS e
)
SELECT
    n.nspname AS schema_name,
    n.table_name,
    n.relname AS index_name,
    n.bytes AS index_bytes,
    CASE WHEN n.is_known THEN n.bytes - n.needed_bytes END AS bloat_bytes,
    CASE WHEN n.is_known THEN round(1 - n.needed_bytes / n.bytes::numeric, 3) END AS bloat_ratio,
    n.is_known
FROM needed AS n
ORDER BY bloat_bytes DESC NULLS LAST, schema_name, index_name
