-- Tables with triggers that do not fire; those of a foreign key are disabled by DISABLE TRIGGER ALL,
-- and its rows are then not checked. Triggers that a partition has of its parent are the parent's.
SELECT
    format('%I.%I', n.nspname, c.relname) AS table_name,
    string_agg(CASE WHEN t.tgisinternal THEN k.conname ELSE t.tgname END, ', ' ORDER BY t.tgname)
        FILTER (WHERE NOT t.tgisinternal OR k.conname IS NOT NULL) AS triggers,
    count(*) AS disabled,
    CASE WHEN bool_or(t.tgisinternal)
        THEN format('ALTER TABLE %I.%I ENABLE TRIGGER ALL', n.nspname, c.relname)
        ELSE string_agg(format('ALTER TABLE %I.%I ENABLE TRIGGER %I', n.nspname, c.relname, t.tgname), '; ')
    END AS remedy
FROM pg_trigger AS t
JOIN pg_class AS c ON c.oid = t.tgrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_constraint AS k ON k.oid = t.tgconstraint
WHERE t.tgenabled = 'D' AND t.tgparentid = 0
GROUP BY n.nspname, c.relname
ORDER BY table_name
