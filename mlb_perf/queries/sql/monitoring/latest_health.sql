-- The newest outcome of each check: the next name is the first one less than the
-- last, so that the history is not read.
WITH RECURSIVE latest AS (
    (
        SELECT check_name, status, value, message, checked_at
        FROM operational.system_health_checks
        ORDER BY check_name DESC, checked_at DESC
        LIMIT 1
    )
    UNION ALL
    SELECT following.*
    FROM latest
    CROSS JOIN LATERAL (
        SELECT c.check_name, c.status, c.value, c.message, c.checked_at
        FROM operational.system_health_checks AS c
        WHERE c.check_name < latest.check_name
        ORDER BY c.check_name DESC, c.checked_at DESC
        LIMIT 1
    ) AS following
)
SELECT check_name, status, value, message, checked_at
FROM latest
