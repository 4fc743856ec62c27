-- The hot rows of a raw table: what they say of their games is read by functions of the session.
DROP TABLE IF EXISTS pg_temp.hot_rows;

CREATE TEMPORARY TABLE hot_rows ON COMMIT DROP AS
SELECT *
FROM raw_data.{table} AS r
WHERE r.processed_at IS NULL
  AND {recent}
  AND hashtext(r.external_game_id) BETWEEN {first} AND {last}
