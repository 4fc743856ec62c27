-- The features of games as of moments: from lines, movements and splits that were
-- first seen by then, before the start. The columns are those of
-- curated.ml_features, whose rows are these as of the start. A line's quality is
-- not among them, because later quotes of the same price lower it.
WITH asked AS (
    SELECT * FROM unnest(
        CAST(:game_ids AS bigint[]), CAST(:game_dates AS date[]), CAST(:moments AS timestamptz[])
    ) AS pair (game_id, game_date, as_of)
),
seen AS (
    SELECT asked.game_id, asked.as_of, l.sportsbook_id, l.market_type, l.side, l.line_value,
        l.decimal_price,
        row_number() OVER (path ORDER BY l.first_seen_at DESC, l.source) = 1 AS is_standing,
        row_number() OVER (path ORDER BY l.first_seen_at, l.source) = 1 AS is_first
    FROM asked
    JOIN curated.betting_lines_unified AS l
      ON l.game_id = asked.game_id AND l.game_date = asked.game_date
    WHERE l.first_seen_at <= asked.as_of AND NOT l.is_in_play
    WINDOW path AS (
        PARTITION BY asked.game_id, asked.as_of, l.sportsbook_id, l.market_type, l.side
    )
),
moneyline AS (  -- a book that offers one side alone gives NULL
    SELECT game_id, as_of, sportsbook_id,
        max(1 / decimal_price) FILTER (WHERE is_standing AND side = 'home') AS home,
        max(1 / decimal_price) FILTER (WHERE is_standing AND side = 'away') AS away,
        max(1 / decimal_price) FILTER (WHERE is_first AND side = 'home') AS first_home,
        max(1 / decimal_price) FILTER (WHERE is_first AND side = 'away') AS first_away
    FROM seen
    WHERE market_type = 'moneyline'
    GROUP BY game_id, as_of, sportsbook_id
),
consensus AS (
    SELECT game_id, as_of, avg(home / (home + away)) AS probability,
        stddev_samp(home / (home + away)) AS dispersion,
        avg(first_home / (first_home + first_away)) AS opened
    FROM moneyline
    GROUP BY game_id, as_of
),
market AS (
    SELECT game_id, as_of, count(DISTINCT sportsbook_id) AS book_count,
        mode() WITHIN GROUP (ORDER BY line_value)
            FILTER (WHERE market_type = 'spread' AND side = 'home') AS run_line,
        mode() WITHIN GROUP (ORDER BY line_value)
            FILTER (WHERE market_type = 'total' AND side = 'over') AS total_line
    FROM seen
    WHERE is_standing
    GROUP BY game_id, as_of
),
steam AS (
    SELECT asked.game_id, asked.as_of, count(*) AS moves
    FROM (SELECT DISTINCT * FROM asked) AS asked
    JOIN curated.line_movements AS m
      ON m.game_id = asked.game_id AND m.game_date = asked.game_date
    WHERE m.is_steam_move AND m.moved_at <= asked.as_of
    GROUP BY asked.game_id, asked.as_of
),
split AS (
    SELECT DISTINCT ON (s.game_id, asked.as_of) s.game_id, asked.as_of,
        s.home_or_over_bets_percent AS home_bets_percent,
        s.home_or_over_money_percent AS home_money_percent
    FROM asked
    JOIN curated.unified_betting_splits AS s
      ON s.game_id = asked.game_id AND s.game_date = asked.game_date
    JOIN curated.enhanced_games AS g ON g.game_id = s.game_id
    WHERE s.market_type = 'moneyline' AND s.collected_at <= asked.as_of
      AND s.collected_at < coalesce(g.actual_start_at, g.scheduled_start_at, 'infinity')
    ORDER BY s.game_id, asked.as_of, s.collected_at DESC, s.sportsbook_id, s.source
)
SELECT asked.game_id, asked.game_date, asked.as_of, round(c.probability, 8) AS home_win_probability,
    round(c.dispersion, 8) AS moneyline_dispersion, market.run_line, market.total_line,
    round(c.probability - c.opened, 8) AS probability_change,
    split.home_bets_percent, split.home_money_percent,
    coalesce(steam.moves, 0) AS steam_moves,
    coalesce(market.book_count, 0) AS book_count
FROM asked
LEFT JOIN market USING (game_id, as_of)
LEFT JOIN consensus AS c USING (game_id, as_of)
LEFT JOIN steam USING (game_id, as_of)
LEFT JOIN split USING (game_id, as_of)
ORDER BY asked.game_id, asked.as_of
