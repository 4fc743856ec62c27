-- Which of the schemas exist.
SELECT n.nspname::text FROM pg_namespace AS n WHERE n.nspname = ANY (CAST(:schemas AS text[]))
