-- The triggers that call a function, other than those that a partition has from its table.

SELECT t.tgrelid::regclass::text AS table_name, quote_ident(t.tgname) AS name
FROM pg_trigger AS t
WHERE t.tgfoid = to_regprocedure(:function) AND t.tgparentid = 0
ORDER BY 1, 2
