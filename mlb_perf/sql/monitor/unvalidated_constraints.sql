-- Constraints that were added NOT VALID and never validated: older rows may break them, and the
-- planner does not rely on them. NOT ENFORCED ones (PostgreSQL 18) are meant so.
SELECT
    format('%I.%I %I', n.nspname, c.relname, k.conname) AS name,
    pg_get_constraintdef(k.oid) AS definition,
    format('ALTER TABLE %I.%I VALIDATE CONSTRAINT %I', n.nspname, c.relname, k.conname) AS remedy
FROM pg_constraint AS k
JOIN pg_class AS c ON c.oid = k.conrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE NOT k.convalidated AND k.conparentid = 0
    AND coalesce(to_jsonb(k) ->> 'conenforced', 'true') = 'true'
ORDER BY name
