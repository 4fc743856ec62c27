-- Rows of the shadow that the table has not.

DELETE FROM {shadow} AS s
WHERE ({key_s}) IN (SELECT {key} FROM mlb_perf_differ)
    AND NOT EXISTS (SELECT FROM {live} AS r WHERE ({key_r}) = ({key_s}))
