-- The extended statistics of a table, with the parts of CREATE STATISTICS.
-- With an empty search_path, so that every name in an expression is qualified.

SELECT
    s.oid,
    quote_ident(n.nspname) AS schema_name,
    quote_ident(s.stxname) AS name,
    s.stxname AS bare_name,
    -- 'e', of expressions, is implied; one expression alone has no other kind.
    ARRAY(
        SELECT k.kind FROM (VALUES ('d', 'ndistinct'), ('f', 'dependencies'), ('m', 'mcv')) AS k (code, kind)
        WHERE k.code = ANY (CAST(s.stxkind AS text[]))
    ) AS kinds,
    pg_get_statisticsobjdef_columns(s.oid) AS columns,
    nullif(s.stxstattarget, -1) AS target,
    obj_description(s.oid, 'pg_statistic_ext') AS comment,
    quote_ident(pg_get_userbyid(s.stxowner)) AS owner,
    pg_get_userbyid(s.stxowner) = current_user AS is_own
FROM pg_statistic_ext AS s
JOIN pg_namespace AS n ON n.oid = s.stxnamespace
WHERE s.stxrelid = to_regclass(:table)
ORDER BY n.nspname, s.stxname
