-- Tables that hold data: those of the pipeline's schemas, less the reference rows.
SELECT n.nspname || '.' || c.relname AS table_name
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN ('raw_data', 'staging', 'curated', 'analytics', 'operational')
  AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND n.nspname || '.' || c.relname NOT IN (
    'staging.team_aliases', 'staging.sportsbook_aliases', 'curated.leagues', 'curated.teams',
    'curated.venues', 'curated.sportsbooks'
  )
ORDER BY 1
