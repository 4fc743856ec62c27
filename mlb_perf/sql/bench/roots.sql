-- Partitions and their indexes with the topmost parent of each, and every plain index with its schema.
-- EXPLAIN names an index of a bitmap scan without its schema.
WITH RECURSIVE tree AS (
    SELECT c.oid AS leaf, c.oid AS root
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname IN (
        'raw_data', 'staging', 'curated', 'analytics', 'operational', 'performance_monitoring'
    )
        AND c.relkind IN ('i', 'I', 'p', 'r')
        AND NOT c.relispartition
    UNION ALL
    SELECT i.inhrelid, tree.root
    FROM tree
    JOIN pg_inherits AS i ON i.inhparent = tree.leaf
)
SELECT leaf.relname AS leaf, format('%s.%s', n.nspname, root.relname) AS root
FROM tree
JOIN pg_class AS leaf ON leaf.oid = tree.leaf
JOIN pg_class AS root ON root.oid = tree.root
JOIN pg_namespace AS n ON n.oid = root.relnamespace
WHERE leaf.relispartition OR leaf.relkind = 'i'
