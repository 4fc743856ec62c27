-- Which of the roles exist.
SELECT r.rolname::text FROM pg_roles AS r WHERE r.rolname = ANY (CAST(:names AS text[]))
