-- The nodes of the cluster, with the locks that each can hold besides those that it holds now.

SELECT n.nodeid, n.groupid, n.nodename || ':' || n.nodeport AS address, n.shouldhaveshards, n.isactive,
    r.success, r.result
FROM pg_dist_node AS n
LEFT JOIN run_command_on_all_nodes($command$
    SELECT current_setting('max_locks_per_transaction')::bigint
        * (current_setting('max_connections')::bigint
            + current_setting('max_prepared_transactions')::bigint)
        - (SELECT count(*) FROM pg_catalog.pg_locks)
$command$) AS r ON r.nodeid = n.nodeid
WHERE n.noderole = 'primary'
ORDER BY n.groupid
