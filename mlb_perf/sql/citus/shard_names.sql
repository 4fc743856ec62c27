-- Each shard of a table and of an index of the given schemas, by the name that nodes know it by
-- (long names are hashed), with the name of its table or index here. root: of the whole index.

SELECT shard_name(s.logicalrelid, s.shardid) AS shard, n.nspname AS schema_name,
    c.relname AS name, c.relname AS root_name
FROM pg_dist_shard AS s
JOIN pg_class AS c ON c.oid = s.logicalrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = ANY (CAST(:schemas AS text[]))

UNION ALL
SELECT shard_name(i.indexrelid, s.shardid), n.nspname, c.relname, r.relname
FROM pg_dist_shard AS s
JOIN pg_index AS i ON i.indrelid = s.logicalrelid
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_class AS r ON r.oid = coalesce(pg_partition_root(c.oid)::oid, c.oid)
WHERE n.nspname = ANY (CAST(:schemas AS text[]))
