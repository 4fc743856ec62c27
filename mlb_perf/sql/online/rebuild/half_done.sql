-- Revisions that began to rebuild tables and have not ended, with the phase of each table.

SELECT r.revision, r.direction,
    string_agg(format('%s.%s is %s', r.schema_name, r.table_name, r.phase), ', '
        ORDER BY r.started_at) AS tables
FROM {rebuilds} AS r
GROUP BY r.revision, r.direction
HAVING bool_or(r.phase <> 'finished')
ORDER BY r.revision, r.direction
