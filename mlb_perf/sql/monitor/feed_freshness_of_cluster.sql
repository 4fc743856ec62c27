-- The view feed_freshness for a cluster of Citus, which refuses its recursion: the polls of the nine
-- days before each feed's newest row, grouped on the nodes, in place of one look-up a poll.
-- The polls are those of polls_of_feed.sql, once for each table.
WITH polls AS MATERIALIZED (
{polls}
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
