-- The indexes of the keys of a table and its partitions that are worth rebuilding, after those that
-- an interrupted REINDEX CONCURRENTLY has left INVALID.

SELECT c.oid::regclass::text AS name, i.indisvalid AS is_valid
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE (
        i.indrelid = to_regclass(:table)
        OR i.indrelid IN (SELECT t.relid FROM pg_partition_tree(to_regclass(:table)) AS t)
    )
    AND c.relkind = 'i'
    AND CASE WHEN i.indisvalid
        THEN i.indisunique AND pg_relation_size(c.oid) >= :least
        ELSE c.relname ~ '_cc(new|old)[0-9]*$'
    END
ORDER BY i.indisvalid, name
