-- drop: VIEW performance_monitoring.duplicate_indexes
-- Indexes whose work another one does: the same columns in the same way (duplicate), or, of
-- B-trees, the leading ones (prefix). Method, predicate, operator classes, collations, order and
-- included columns are looked at; one that enforces something is never the one to drop. An index
-- that is attached to a partitioned one is not named: it goes with its parent.
CREATE VIEW performance_monitoring.duplicate_indexes WITH (security_invoker = true) AS
WITH index_columns AS (
    SELECT
        i.indexrelid, i.indrelid, i.indisunique, i.indisexclusion, i.indisreplident,
        i.indnullsnotdistinct, a.amname, i.indnkeyatts, c.relispartition AS is_attached,
        coalesce(pg_get_expr(i.indpred, i.indrelid), '') AS predicate,
        EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid) AS is_constraint,
        ARRAY(
            SELECT concat_ws('|', pg_get_indexdef(i.indexrelid, n, false), i.indclass[n - 1],
                i.indcollation[n - 1], i.indoption[n - 1], o.attoptions::text)
            FROM generate_series(1, i.indnkeyatts) AS n
            JOIN pg_attribute AS o ON o.attrelid = i.indexrelid AND o.attnum = n
            ORDER BY n
        ) AS keys,
        ARRAY(
            SELECT pg_get_indexdef(i.indexrelid, n, false) FROM generate_series(1, i.indnatts) AS n
        ) AS every_column,
        ARRAY(
            SELECT pg_get_indexdef(i.indexrelid, n, false)
            FROM generate_series(i.indnkeyatts + 1, i.indnatts) AS n
        ) AS included
    FROM pg_index AS i
    JOIN pg_class AS c ON c.oid = i.indexrelid
    JOIN pg_namespace AS s ON s.oid = c.relnamespace
    JOIN pg_am AS a ON a.oid = c.relam
    WHERE i.indisvalid AND s.nspname NOT IN ('pg_catalog', 'information_schema')
        AND s.nspname !~ '^pg_(toast|temp)'
)
SELECT DISTINCT ON (index_bytes, schema_name, index_name)
    n.nspname AS schema_name,
    c.relname AS table_name,
    x.relname AS index_name,
    y.relname AS covered_by,
    CASE WHEN a.keys = b.keys THEN 'duplicate' ELSE 'prefix' END AS kind,
    sizes.index_bytes,
    pg_get_indexdef(a.indexrelid) AS definition,
    pg_get_indexdef(b.indexrelid) AS covering_definition,
    format('DROP INDEX %s%I.%I', CASE x.relkind WHEN 'I' THEN '' ELSE 'CONCURRENTLY ' END,
        n.nspname, x.relname) AS drop_statement
FROM index_columns AS a
JOIN index_columns AS b
    ON b.indrelid = a.indrelid AND b.indexrelid <> a.indexrelid
    AND b.amname = a.amname AND b.predicate = a.predicate
    AND a.keys = b.keys[1:a.indnkeyatts]
    AND (a.amname = 'btree' OR a.indnkeyatts = b.indnkeyatts)
    AND a.included <@ b.every_column
JOIN pg_class AS c ON c.oid = a.indrelid
JOIN pg_class AS x ON x.oid = a.indexrelid
JOIN pg_class AS y ON y.oid = b.indexrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT coalesce(sum(pg_relation_size(p.relid)), pg_relation_size(a.indexrelid))::bigint AS index_bytes
    FROM pg_partition_tree(a.indexrelid) AS p
) AS sizes
WHERE NOT a.is_constraint AND NOT a.indisexclusion AND NOT a.indisreplident AND NOT a.is_attached
    -- A unique index is only redundant beside one that is unique on the same columns.
    AND (NOT a.indisunique OR b.indisunique AND a.keys = b.keys
        AND a.indnullsnotdistinct = b.indnullsnotdistinct)
    -- Of two that are the same, the younger is to be dropped: not both are named.
    AND NOT (
        a.keys = b.keys AND b.included <@ a.every_column AND NOT b.is_constraint
        AND NOT b.is_attached AND NOT b.indisreplident AND a.indisunique = b.indisunique
        AND a.indexrelid < b.indexrelid
    )
ORDER BY index_bytes DESC, schema_name, index_name, a.keys <> b.keys, b.indexrelid;

COMMENT ON VIEW performance_monitoring.duplicate_indexes IS
    'Indexes whose work another index of the table does: duplicates, and prefixes of B-trees';
GRANT SELECT ON performance_monitoring.duplicate_indexes TO pg_monitor;
