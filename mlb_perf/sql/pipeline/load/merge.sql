-- A row that another response completes is promoted again.
UPDATE raw_data.{table} AS r
SET payload = %s, processed_at = NULL
WHERE {this_key}
