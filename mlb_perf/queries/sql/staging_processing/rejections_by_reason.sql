-- From the index alone, once the table has been vacuumed.
SELECT source, reason_code, count(*) AS standing, max(rejected_at) AS newest
FROM staging.rejected_records
WHERE resolved_at IS NULL
GROUP BY source, reason_code
ORDER BY standing DESC
