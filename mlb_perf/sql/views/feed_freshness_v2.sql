-- drop: VIEW performance_monitoring.feed_freshness
-- The age of each feed's newest row against the feed's own rhythm: the median of its last 20 gaps,
-- and how late its rows arrive. Rows of one minute are one poll. A feed is expected now if it spoke
-- at this time of day on half of those of the last 7 days on which it spoke at all: it may rest at
-- night, and in winter. Files of past lines and results are no feed. Four feeds have an index on
-- collected_at, by which each poll is one look-up; the others, which are small, are read once.
CREATE VIEW performance_monitoring.feed_freshness WITH (security_invoker = true) AS
WITH RECURSIVE minutes AS (
    SELECT r.raw_table, max(r.collected_at) AS collected_at, max(r.ingested_at) AS ingested_at,
        row_number() OVER (PARTITION BY r.raw_table ORDER BY max(r.collected_at) DESC) AS place
    FROM performance_monitoring.raw_rows AS r
    WHERE r.raw_table IN ('action_network_games', 'action_network_history', 'mlb_stats_api_games')
        AND r.collected_at <= now()
    GROUP BY r.raw_table, date_trunc('minute', r.collected_at)
),
small AS MATERIALIZED (
    SELECT m.raw_table, m.collected_at, m.ingested_at FROM minutes AS m
    WHERE m.place <= 50 OR m.collected_at > now() - interval '9 days'
),
large AS NOT MATERIALIZED (
    SELECT r.raw_table, r.collected_at, r.ingested_at
    FROM performance_monitoring.raw_rows AS r
    WHERE r.raw_table IN ('action_network_odds', 'odds_api_odds', 'sbd_splits', 'vsin_splits')
),
times AS NOT MATERIALIZED (
    SELECT s.raw_table, s.collected_at FROM small AS s
    UNION ALL
    SELECT l.raw_table, l.collected_at FROM large AS l
),
polls AS (
    SELECT t.raw_table, newest.collected_at, newest.ingested_at, 1 AS place
    FROM (VALUES
        ('action_network_games'), ('action_network_history'), ('action_network_odds'),
        ('mlb_stats_api_games'), ('odds_api_odds'), ('sbd_splits'), ('vsin_splits')
    ) AS t (raw_table)
    CROSS JOIN LATERAL (
        (
            SELECT r.collected_at, r.ingested_at FROM small AS r
            WHERE r.raw_table = t.raw_table AND r.collected_at <= now()
            ORDER BY r.collected_at DESC
            LIMIT 1
        )
        UNION ALL
        (
            SELECT r.collected_at, r.ingested_at FROM large AS r
            WHERE r.raw_table = t.raw_table AND r.collected_at <= now()
            ORDER BY r.collected_at DESC
            LIMIT 1
        )
    ) AS newest
    UNION ALL
    SELECT p.raw_table, earlier.collected_at, earlier.ingested_at, p.place + 1
    FROM polls AS p
    CROSS JOIN LATERAL (
        (
            SELECT r.collected_at, r.ingested_at FROM small AS r
            WHERE r.raw_table = p.raw_table AND r.collected_at < p.collected_at - interval '1 min'
            ORDER BY r.collected_at DESC
            LIMIT 1
        )
        UNION ALL
        (
            SELECT r.collected_at, r.ingested_at FROM large AS r
            WHERE r.raw_table = p.raw_table AND r.collected_at < p.collected_at - interval '1 min'
            ORDER BY r.collected_at DESC
            LIMIT 1
        )
    ) AS earlier
    WHERE p.place <= 20
),
gaps AS (
    SELECT p.*, p.collected_at - lead(p.collected_at) OVER (PARTITION BY p.raw_table ORDER BY p.place) AS gap
    FROM polls AS p
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
        count(*) FILTER (WHERE EXISTS (
            SELECT FROM times AS a
            WHERE a.raw_table = r.raw_table
                AND a.collected_at > now() - make_interval(days => past + 1)
                AND a.collected_at <= now() - make_interval(days => past)
        )) AS days,
        count(*) FILTER (WHERE EXISTS (
            SELECT FROM times AS a
            WHERE a.raw_table = r.raw_table
                AND a.collected_at > now() - make_interval(days => past) - greatest(r.usual_gap * 3, interval '15 min')
                AND a.collected_at <= now() - make_interval(days => past)
        )) AS days_at_this_time
    FROM generate_series(1, 7) AS past
) AS d
ORDER BY r.raw_table;

COMMENT ON VIEW performance_monitoring.feed_freshness IS
    'Age of the newest row of each feed, against the feed''s own rhythm';
GRANT SELECT ON performance_monitoring.feed_freshness TO pg_monitor;
