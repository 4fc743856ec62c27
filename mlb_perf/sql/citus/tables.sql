-- What is known of the tables to distribute and of those that are: one row each.
--
-- relations: the table, its partitions, their indexes and TOAST tables, each of which a shard has
-- too; a foreign key counts as two, because its creation locks as many. local_bytes: rows that the coordinator still holds of a table that is distributed.

SELECT format('%I.%I', n.nspname, c.relname) AS name, p.partmethod::text AS method,
    CASE WHEN p.partkey IS NOT NULL THEN column_to_column_name(p.logicalrelid, p.partkey) END
        AS distributed_by,
    (SELECT format_type(a.atttypid, NULL) FROM pg_attribute AS a
     WHERE a.attrelid = c.oid AND a.attname = w.key AND NOT a.attisdropped) AS key_type,
    tree.relations, tree.partitions, tree.bytes,
    CASE WHEN p.logicalrelid IS NULL THEN 0 ELSE tree.heap_bytes END AS local_bytes
FROM unnest(CAST(:schemas AS text[]), CAST(:names AS text[]), CAST(:keys AS text[]))
    WITH ORDINALITY AS w (schema, name, key, place)
JOIN pg_namespace AS n ON n.nspname = w.schema
JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = w.name AND c.relkind IN ('r', 'p')
LEFT JOIN pg_dist_partition AS p ON p.logicalrelid = c.oid
CROSS JOIN LATERAL (
    SELECT count(*) - 1 AS partitions,
        sum(1 + 2 * (leaf.reltoastrelid <> 0)::integer
            + (SELECT count(*) FROM pg_index WHERE indrelid = leaf.oid)
            + 2 * (SELECT count(*) FROM pg_constraint WHERE conrelid = leaf.oid AND contype = 'f'))
            AS relations,
        sum(pg_total_relation_size(leaf.oid)) AS bytes,
        sum(pg_relation_size(leaf.oid)) AS heap_bytes
    FROM (SELECT c.oid AS relid UNION SELECT relid FROM pg_partition_tree(c.oid)) AS t
    JOIN pg_class AS leaf ON leaf.oid = t.relid
) AS tree
ORDER BY w.place
