-- Where a batch lands before it is compared with what is there; n numbers its records.
CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS
SELECT {keys}, 0 AS n, payload, origin
FROM raw_data.{table}
WITH NO DATA
