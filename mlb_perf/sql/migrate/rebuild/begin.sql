-- A rebuild begins: where it has to copy from is fixed, and nothing is copied yet.

INSERT INTO performance_monitoring.rebuilds (
    schema_name, table_name, revision, direction, phase, shadow_name, copied_to, end_key
)
VALUES (
    :schema, :table, :revision, :direction, 'copying', :shadow, '{}', CAST(:end_key AS jsonb)
)
