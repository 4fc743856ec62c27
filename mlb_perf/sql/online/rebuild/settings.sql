-- The statements that give a table the statistics targets, the options of columns and the storage settings of another.
-- A partitioned table has none of the latter: its partitions do, the newest like the others.

WITH source AS (
    SELECT c.reloptions
    FROM pg_class AS c
    WHERE c.relkind = 'r'
        AND (
            c.oid = to_regclass(:source)
            OR c.oid IN (SELECT t.relid FROM pg_partition_tree(to_regclass(:source)) AS t)
        )
    ORDER BY c.oid DESC
    LIMIT 1
),
destination AS (
    SELECT c.oid
    FROM pg_class AS c
    WHERE c.relkind = 'r'
        AND (
            c.oid = to_regclass(:destination)
            OR c.oid IN (SELECT t.relid FROM pg_partition_tree(to_regclass(:destination)) AS t)
        )
)
SELECT format('ALTER TABLE %s ALTER %I SET STATISTICS %s', :destination, a.attname, a.attstattarget)
FROM pg_attribute AS a
WHERE a.attrelid = to_regclass(:source) AND a.attnum > 0 AND a.attstattarget >= 0 AND NOT a.attisdropped
UNION ALL
SELECT format('ALTER TABLE %s ALTER %I SET (%s)', :destination, a.attname, array_to_string(a.attoptions, ', '))
FROM pg_attribute AS a
WHERE a.attrelid = to_regclass(:source) AND a.attnum > 0 AND a.attoptions IS NOT NULL AND NOT a.attisdropped
UNION ALL
SELECT format('ALTER TABLE %s SET (%s)', d.oid::regclass, array_to_string(s.reloptions, ', '))
FROM source AS s, destination AS d
WHERE s.reloptions IS NOT NULL
