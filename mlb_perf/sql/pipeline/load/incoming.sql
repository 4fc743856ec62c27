-- Where a batch lands before it is compared with what is there.
CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS
SELECT {keys}, payload, origin
FROM raw_data.{table}
WITH NO DATA
