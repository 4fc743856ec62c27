-- The view feed_freshness for a cluster of Citus, which refuses its recursion: the polls of the nine
-- days before each feed's newest row, grouped on the nodes, in place of one look-up a poll.
WITH polls AS MATERIALIZED (
    SELECT 'action_network_games' AS raw_table, max(collected_at) AS collected_at,
        max(ingested_at) AS ingested_at
    FROM raw_data.action_network_games
    WHERE collected_at <= now()
        AND collected_at > (SELECT max(collected_at) FROM raw_data.action_network_games) - interval '9 days'
    GROUP BY date_trunc('minute', collected_at)
    UNION ALL
    SELECT 'action_network_history' AS raw_table, max(collected_at) AS collected_at,
        max(ingested_at) AS ingested_at
    FROM raw_data.action_network_history
    WHERE collected_at <= now()
        AND collected_at > (SELECT max(collected_at) FROM raw_data.action_network_history) - interval '9 days'
    GROUP BY date_trunc('minute', collected_at)
    UNION ALL
    SELECT 'action_network_odds' AS raw_table, max(collected_at) AS collected_at,
        max(ingested_at) AS ingested_at
    FROM raw_data.action_network_odds
    WHERE collected_at <= now()
        AND collected_at > (SELECT max(collected_at) FROM raw_data.action_network_odds) - interval '9 days'
    GROUP BY date_trunc('minute', collected_at)
    UNION ALL
    SELECT 'mlb_stats_api_games' AS raw_table, max(collected_at) AS collected_at,
        max(ingested_at) AS ingested_at
    FROM raw_data.mlb_stats_api_games
    WHERE collected_at <= now()
        AND collected_at > (SELECT max(collected_at) FROM raw_data.mlb_stats_api_games) - interval '9 days'
    GROUP BY date_trunc('minute', collected_at)
    UNION ALL
    SELECT 'odds_api_odds' AS raw_table, max(collected_at) AS collected_at,
        max(ingested_at) AS ingested_at
    FROM raw_data.odds_api_odds
    WHERE collected_at <= now()
        AND collected_at > (SELECT max(collected_at) FROM raw_data.odds_api_odds) - interval '9 days'
    GROUP BY date_trunc('minute', collected_at)
    UNION ALL
    SELECT 'sbd_splits' AS raw_table, max(collected_at) AS collected_at,
        max(ingested_at) AS ingested_at
    FROM raw_data.sbd_splits
    WHERE collected_at <= now()
        AND collected_at > (SELECT max(collected_at) FROM raw_data.sbd_splits) - interval '9 days'
    GROUP BY date_trunc('minute', collected_at)
    UNION ALL
    SELECT 'vsin_splits' AS raw_table, max(collected_at) AS collected_at,
        max(ingested_at) AS ingested_at
    FROM raw_data.vsin_splits
    WHERE collected_at <= now()
        AND collected_at > (SELECT max(collected_at) FROM raw_data.vsin_splits) - interval '9 days'
    GROUP BY date_trunc('minute', collected_at)
),
gaps AS (
    SELECT p.*, row_number() OVER newest AS place,
        p.collected_at - lead(p.collected_at) OVER newest AS gap
    FROM polls AS p
    WINDOW newest AS (PARTITION BY p.raw_table ORDER BY p.collected_at DESC)
),
rhythm AS (
    SELECT
        g.raw_table,
        max(g.collected_at) AS newest_at,
        count(g.gap) AS gaps,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY g.gap) AS usual_gap,
        max(g.ingested_at - g.collected_at) AS usual_delay
    FROM gaps AS g
    WHERE g.place <= 20
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
            SELECT 1 FROM polls AS a
            WHERE a.raw_table = r.raw_table
                AND a.collected_at > now() - make_interval(days => past + 1)
                AND a.collected_at <= now() - make_interval(days => past)
        )) AS days,
        count(*) FILTER (WHERE EXISTS (
            SELECT 1 FROM polls AS a
            WHERE a.raw_table = r.raw_table
                AND a.collected_at > now() - make_interval(days => past)
                    - greatest(r.usual_gap * 3, interval '15 min')
                AND a.collected_at <= now() - make_interval(days => past)
        )) AS days_at_this_time
    FROM generate_series(1, 7) AS past
) AS d
ORDER BY r.raw_table
