-- Shards and bytes of each node, of this package's tables; the coordinator first.

SELECT n.nodename || ':' || n.nodeport AS address, n.groupid = 0 AS is_coordinator, n.isactive,
    n.shouldhaveshards, count(s.shardid) AS shards, coalesce(sum(s.shard_size), 0)::bigint AS bytes
FROM pg_dist_node AS n
LEFT JOIN (
    SELECT s.nodename, s.nodeport, s.shardid, s.shard_size
    FROM citus_shards AS s
    JOIN pg_class AS c ON c.oid = s.table_name
    JOIN pg_namespace AS k ON k.oid = c.relnamespace
    WHERE k.nspname = ANY (CAST(:schemas AS text[])) AND s.citus_table_type = 'distributed'
) AS s ON s.nodename = n.nodename AND s.nodeport = n.nodeport
WHERE n.noderole = 'primary'
GROUP BY n.groupid, n.nodename, n.nodeport, n.isactive, n.shouldhaveshards
ORDER BY n.groupid
