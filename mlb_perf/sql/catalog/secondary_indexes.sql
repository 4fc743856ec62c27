-- The indexes of the pipeline's tables that enforce nothing.
SELECT format('%I.%I', n.nspname, i.relname) AS name
FROM pg_index AS x
JOIN pg_class AS i ON i.oid = x.indexrelid
JOIN pg_namespace AS n ON n.oid = i.relnamespace
WHERE n.nspname IN ('raw_data', 'staging', 'curated')
  AND NOT x.indisunique AND NOT i.relispartition
ORDER BY name
