-- The functions of the schemas: the name, and the name with the types of its arguments.
SELECT format('%I.%I', n.nspname, p.proname),
    format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
FROM pg_proc AS p
JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = ANY (CAST(:schemas AS text[]))
ORDER BY 2
