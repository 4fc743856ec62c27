-- Publications that a table is in: by its name, with its column list and its row filter, or with
-- all tables of its schema, or with all there are.

WITH t AS (
    SELECT c.oid, c.relnamespace FROM pg_class AS c WHERE c.oid = to_regclass(:table)
),
found AS (
    SELECT r.prpubid AS oid, 'table' AS kind, r.prattrs AS attributes,
        pg_get_expr(r.prqual, r.prrelid) AS filter
    FROM t JOIN pg_publication_rel AS r ON r.prrelid = t.oid
    UNION ALL
    SELECT n.pnpubid, 'schema', NULL, NULL
    FROM t JOIN pg_publication_namespace AS n ON n.pnnspid = t.relnamespace
    UNION ALL
    SELECT p.oid, 'all', NULL, NULL
    FROM pg_publication AS p
    WHERE p.puballtables
)
SELECT
    p.oid,
    f.kind,
    quote_ident(p.pubname) AS name,
    p.pubviaroot AS by_root,
    p.pubupdate OR p.pubdelete AS finds_rows,
    pg_has_role(p.pubowner, 'USAGE') AS is_ours,
    quote_ident(pg_get_userbyid(p.pubowner)) AS owner,
    (
        SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname)
        FROM t JOIN pg_attribute AS a ON a.attrelid = t.oid
        WHERE a.attnum = ANY (CAST(f.attributes AS int2[]))
    ) AS columns,
    f.filter
FROM found AS f
JOIN pg_publication AS p ON p.oid = f.oid
ORDER BY p.pubname, f.kind
