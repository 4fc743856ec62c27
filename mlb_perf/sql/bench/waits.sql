-- Sessions of pgbench in this database by what they wait for; an active one that waits for nothing
-- has a processor, or waits for one.
SELECT CASE
        WHEN state <> 'active' THEN 'idle'
        ELSE coalesce(wait_event_type || ' ' || wait_event, 'processor')
    END AS wait,
    count(*) AS sessions
FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'pgbench'
GROUP BY 1
