-- A rebuild begins: its shadow is there, and nothing is copied yet.

INSERT INTO performance_monitoring.rebuilds (
    schema_name, table_name, revision, direction, phase, shadow_name, copied_to
)
VALUES (
    :schema, :table, :revision, :direction, :phase, :shadow, '{}'
)
