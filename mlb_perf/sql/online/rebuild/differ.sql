-- The keys of the rows that differ between the table and its shadow, in one snapshot.

CREATE TEMPORARY TABLE mlb_perf_differ ON COMMIT DROP AS
SELECT DISTINCT {key}
FROM (
    (SELECT {old_columns} FROM {live} AS r EXCEPT ALL SELECT {new_columns} FROM {shadow} AS r)
    UNION ALL
    (SELECT {new_columns} FROM {shadow} AS r EXCEPT ALL SELECT {old_columns} FROM {live} AS r)
) AS d ({names})
