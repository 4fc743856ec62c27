-- Rows that waited for promotion and games that waited to be curated, the most of each hour.
SELECT w.name, date_trunc('hour', w.captured_at, 'UTC') AS moment, max(w.waiting) AS figure
FROM (
    SELECT CASE h.figure WHEN 'waiting_rows' THEN 'rows to promote' ELSE 'games to curate' END AS name,
        h.captured_at, sum(h.value) AS waiting
    FROM performance_monitoring.status_history AS h
    WHERE h.captured_at > now() - interval '8 days' AND h.figure IN ('waiting_rows', 'waiting_games')
    GROUP BY 1, 2
) AS w
GROUP BY 1, 2
ORDER BY name, moment
