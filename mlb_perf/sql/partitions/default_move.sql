-- Rows of the DEFAULT partition before a moment go to a partition of their own.
WITH moved AS (
    DELETE FROM {partition} AS d WHERE isfinite(d.{key}) AND d.{key} < {high} RETURNING {columns}
)
INSERT INTO {leaf} ({columns}) SELECT {columns} FROM moved
