-- Each index of the package's schemas with its bytes and scans, and the one that
-- it is a part of: itself, or the index of the partitioned table.
WITH RECURSIVE root AS (
    SELECT i.indexrelid AS oid, i.indexrelid AS root
    FROM pg_index AS i
    JOIN pg_class AS c ON c.oid = i.indexrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE NOT c.relispartition
      AND n.nspname IN (
        'raw_data', 'staging', 'curated', 'analytics', 'operational', 'performance_monitoring'
      )
    UNION ALL
    SELECT h.inhrelid, root.root
    FROM root
    JOIN pg_inherits AS h ON h.inhparent = root.oid
)
SELECT c.relname AS name, root.root::regclass::text AS root, i.indrelid::regclass::text AS table_name,
    pg_relation_size(root.oid) AS bytes, pg_stat_get_numscans(root.oid) AS scans,
    EXISTS (
        SELECT FROM pg_constraint AS k WHERE k.conindid = root.root AND k.contype IN ('p', 'u')
    ) AS is_constraint,
    pg_get_indexdef(root.root) AS definition
FROM root
JOIN pg_class AS c ON c.oid = root.oid
JOIN pg_index AS i ON i.indexrelid = root.root
