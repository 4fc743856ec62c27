-- Deletes the rows of the shadow that the table does not have.

DELETE FROM {shadow} AS s
WHERE ({key_s}) IN (SELECT {key} FROM mlb_perf_differ)
    AND NOT EXISTS (SELECT FROM {live} AS r WHERE ({key_r}) = ({key_s}))
