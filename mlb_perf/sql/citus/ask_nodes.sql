-- The rows of a query on each node, as JSON; NULL with the reason if a node did not answer.
SELECT n.nodename || ':' || n.nodeport AS address,
    CASE WHEN r.success THEN r.result::jsonb END AS rows, CASE WHEN NOT r.success THEN r.result END
    AS error
FROM run_command_on_all_nodes(:command) AS r
JOIN pg_dist_node AS n ON n.nodeid = r.nodeid
ORDER BY n.nodeid
