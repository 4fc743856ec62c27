-- drop: VIEW performance_monitoring.feed_freshness
-- The age of each feed's newest row against the feed's own rhythm: the median of its last 20 gaps,
-- and how late its rows arrive. Rows of one minute are one poll. A feed is expected now if it spoke
-- at this time of day on half of those of the last 7 days on which it spoke at all: it may rest at
-- night, and in winter. Files of past lines and results are no feed. Four feeds have an index on
-- collected_at, by which each poll is one look-up; the others, which are small, are read once.
CREATE VIEW performance_monitoring.feed_freshness WITH (security_invoker = true) AS
WITH polls AS MATERIALIZED (
    SELECT t.raw_table, p.*
    FROM (VALUES
        ('action_network_games', false), ('action_network_history', false),
        ('action_network_odds', true), ('mlb_stats_api_games', false), ('odds_api_odds', true),
        ('sbd_splits', true), ('vsin_splits', true)
    ) AS t (raw_table, is_indexed)
    CROSS JOIN LATERAL performance_monitoring.feed_polls(t.raw_table, t.is_indexed) AS p
),
gaps AS (
    SELECT p.*, p.collected_at - lead(p.collected_at) OVER (PARTITION BY p.raw_table ORDER BY p.place) AS gap
    FROM polls AS p
    WHERE p.place IS NOT NULL
),
rhythm AS (
    SELECT
        g.raw_table,
        max(g.collected_at) AS newest_at,
        count(g.gap) AS gaps,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY g.gap) AS usual_gap,
        max(g.ingested_at - g.collected_at) AS usual_delay
    FROM gaps AS g
    GROUP BY g.raw_table
)
SELECT
    r.raw_table,
    r.newest_at,
    clock_timestamp() - r.newest_at AS age,
    r.gaps,
    r.usual_gap,
    greatest(r.usual_delay, interval '0') AS usual_delay,
    d.days,
    d.days_at_this_time,
    d.days > 0 AND d.days_at_this_time * 2 >= d.days AS is_expected
FROM rhythm AS r
CROSS JOIN LATERAL (
    SELECT
        count(*) AS days,
        count(*) FILTER (
            WHERE p.collected_at > now() - make_interval(days => p.past) - greatest(r.usual_gap * 3, interval '15 min')
        ) AS days_at_this_time
    FROM polls AS p
    WHERE p.raw_table = r.raw_table AND p.past IS NOT NULL
) AS d
ORDER BY r.raw_table;

COMMENT ON VIEW performance_monitoring.feed_freshness IS
    'Age of the newest row of each feed, against the feed''s own rhythm';
GRANT SELECT ON performance_monitoring.feed_freshness TO pg_monitor;
