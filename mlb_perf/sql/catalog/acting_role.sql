-- The role that the session acts as, if it should act as :group instead: where that owns the schemas,
-- or may make them and the session's role is a member. A superuser is one of every group, so it makes
-- them as itself.
SELECT current_setting('role')
FROM pg_roles AS g, pg_roles AS me
WHERE g.rolname = :group AND me.rolname = current_user AND me.oid <> g.oid
  AND pg_has_role(g.oid, 'MEMBER')
  AND coalesce(
    (SELECT n.nspowner = g.oid FROM pg_namespace AS n WHERE n.nspname = 'raw_data'),
    NOT me.rolsuper AND has_database_privilege(g.oid, current_database(), 'CREATE')
  )
