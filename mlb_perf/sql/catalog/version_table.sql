-- The owner of the version table if this session should not trust it, as its triggers, its
-- checks and, of a view, its functions run with the rights of the session.
SELECT o.rolname
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_roles AS o ON o.oid = c.relowner
WHERE n.nspname = :version_table_schema AND c.relname = :version_table
  AND NOT o.rolsuper
  AND o.rolname <> current_user
  AND o.oid <> (SELECT d.datdba FROM pg_database AS d WHERE d.datname = current_database())
  AND o.oid NOT IN (SELECT s.nspowner FROM pg_namespace AS s WHERE s.nspname IN ('raw_data', 'performance_monitoring'))
