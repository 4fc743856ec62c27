-- The months from one moment to another that tables partitioned by range of a
-- date or a moment have no partition for, by the partitions' real bounds.
WITH parent AS (
    SELECT c.oid, n.nspname || '.' || c.relname AS table_name
    FROM pg_partitioned_table AS p
    JOIN pg_class AS c ON c.oid = p.partrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_attribute AS a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
    WHERE p.partstrat = 'r' AND p.partnatts = 1
      AND a.atttypid IN ('date'::regtype, 'timestamptz'::regtype)
),
leaf AS (
    SELECT i.inhparent, b.bounds = 'DEFAULT' AS is_default,
        substring(b.bounds FROM 'FROM \(''([^'']+)''\)')::timestamptz AS low,
        substring(b.bounds FROM 'TO \(''([^'']+)''\)')::timestamptz AS high
    FROM pg_inherits AS i
    JOIN parent ON parent.oid = i.inhparent
    JOIN pg_class AS c ON c.oid = i.inhrelid
    CROSS JOIN LATERAL (SELECT pg_get_expr(c.relpartbound, c.oid)) AS b (bounds)
)
SELECT parent.table_name, to_char(month, 'YYYY-MM') AS month
FROM parent
CROSS JOIN generate_series(
    date_trunc('month', CAST(:first AS timestamptz)), CAST(:last AS timestamptz), interval '1 month'
) AS month
WHERE parent.table_name = ANY (:tables)
  AND NOT EXISTS (
    SELECT FROM leaf
    WHERE leaf.inhparent = parent.oid
      AND (
        leaf.is_default
        OR (coalesce(leaf.low, '-infinity') <= month AND coalesce(leaf.high, 'infinity') > month)
      )
  )
ORDER BY 1, 2
