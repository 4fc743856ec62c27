-- Indexes of the package's schemas that enforce nothing; those of partitions go with their parent.
SELECT format('%I.%I', n.nspname, c.relname) AS name
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN (
    'raw_data', 'staging', 'curated', 'analytics', 'operational', 'performance_monitoring'
)
    AND NOT i.indisunique
    AND NOT i.indisexclusion
    AND NOT c.relispartition
ORDER BY name
