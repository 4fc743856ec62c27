-- Rejections that stand for a sportsbook that no alias knows.
TRUNCATE pg_temp.unresolved_rejections;

INSERT INTO pg_temp.unresolved_rejections
SELECT *
FROM staging.rejected_records
WHERE resolved_at IS NULL AND reason_code = 'unknown_sportsbook'
