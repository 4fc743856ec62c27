-- The statements that give a table the settings of another: of columns (statistics targets, options,
-- storage, compression), of the table and its TOAST table, and the index that CLUSTER takes.
-- A partitioned table has no storage settings: its partitions have, here those of the newest.

WITH source AS (
    SELECT c.oid, c.reloptions, c.reltoastrelid
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
    SELECT c.oid, c.relkind
    FROM pg_class AS c
    WHERE c.oid = to_regclass(:destination)
        OR c.oid IN (SELECT t.relid FROM pg_partition_tree(to_regclass(:destination)) AS t)
),
attribute AS (
    SELECT s.*, y.typstorage AS usual, z.typstorage AS possible
    FROM pg_attribute AS s
    JOIN pg_type AS y ON y.oid = s.atttypid
    JOIN pg_attribute AS d ON d.attrelid = to_regclass(:destination) AND d.attname = s.attname
    JOIN pg_type AS z ON z.oid = d.atttypid
    WHERE s.attrelid = to_regclass(:source) AND s.attnum > 0 AND NOT s.attisdropped
),
clustered AS (
    SELECT c.relname
    FROM source AS s
    JOIN pg_index AS i ON i.indrelid = s.oid AND i.indisclustered
    LEFT JOIN pg_inherits AS h ON h.inhrelid = i.indexrelid
    JOIN pg_class AS c ON c.oid = coalesce(h.inhparent, i.indexrelid)
)
SELECT format('ALTER TABLE %s ALTER %I SET STATISTICS %s', :destination, a.attname, a.attstattarget)
FROM attribute AS a
WHERE a.attstattarget >= 0
UNION ALL
SELECT format('ALTER TABLE %s ALTER %I SET (%s)', :destination, a.attname, array_to_string(a.attoptions, ', '))
FROM attribute AS a
WHERE a.attoptions IS NOT NULL
UNION ALL
SELECT format('ALTER TABLE %s ALTER %I SET STORAGE %s', :destination, a.attname,
    CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END)
FROM attribute AS a
WHERE a.attstorage <> a.usual AND a.possible <> 'p'
UNION ALL
SELECT format('ALTER TABLE %s ALTER %I SET COMPRESSION %s', d.oid::regclass, a.attname,
    CASE a.attcompression WHEN 'p' THEN 'pglz' ELSE 'lz4' END)
FROM attribute AS a, destination AS d
WHERE a.attcompression <> '' AND a.possible <> 'p'
UNION ALL
SELECT format('ALTER TABLE %s SET (%s)', d.oid::regclass, array_to_string(s.reloptions, ', '))
FROM source AS s, destination AS d
WHERE d.relkind = 'r' AND s.reloptions IS NOT NULL
UNION ALL
SELECT format('ALTER TABLE %s SET (toast.%s)', d.oid::regclass, array_to_string(t.reloptions, ', toast.'))
FROM source AS s JOIN pg_class AS t ON t.oid = s.reltoastrelid, destination AS d
WHERE d.relkind = 'r' AND t.reloptions IS NOT NULL
UNION ALL
SELECT format('ALTER TABLE %s CLUSTER ON %I', d.oid::regclass, n.relname)
FROM clustered AS c, destination AS d
JOIN pg_index AS i ON i.indrelid = d.oid
JOIN pg_class AS n ON n.oid = i.indexrelid
LEFT JOIN pg_inherits AS h ON h.inhrelid = i.indexrelid
LEFT JOIN pg_class AS p ON p.oid = h.inhparent
WHERE d.relkind = 'r' AND coalesce(p.relname, n.relname) = c.relname
