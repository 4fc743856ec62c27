-- The features of each game that has begun, as of its start, from lines and
-- splits that were seen before it. The consensus is the mean over the books of
-- the home side's probability without vig.
WITH standing AS (
    SELECT DISTINCT ON (l.game_id, l.sportsbook_id, l.market_type, l.side)
        l.*, g.start_at
    FROM line AS l
    JOIN promoted_game AS g USING (game_id)
    WHERE l.first_seen_at < g.start_at AND g.start_at <= now()
    ORDER BY l.game_id, l.sportsbook_id, l.market_type, l.side, l.first_seen_at DESC, l.source
),
opening AS (
    SELECT DISTINCT ON (l.game_id, l.sportsbook_id, l.side) l.*
    FROM line AS l
    WHERE l.market_type = 'moneyline' AND NOT l.is_in_play
    ORDER BY l.game_id, l.sportsbook_id, l.side, l.first_seen_at, l.source
),
moneyline AS (  -- both sides in one pass: a book that offers one alone gives NULL
    SELECT game_id, sportsbook_id,
        min(1 / decimal_price) FILTER (WHERE side = 'home') / (
            min(1 / decimal_price) FILTER (WHERE side = 'home')
            + min(1 / decimal_price) FILTER (WHERE side = 'away')
        ) AS probability
    FROM standing
    WHERE market_type = 'moneyline'
    GROUP BY game_id, sportsbook_id
),
opened AS (
    SELECT game_id, avg(probability) AS probability
    FROM (
        SELECT game_id, sportsbook_id,
            min(1 / decimal_price) FILTER (WHERE side = 'home') / (
                min(1 / decimal_price) FILTER (WHERE side = 'home')
                + min(1 / decimal_price) FILTER (WHERE side = 'away')
            ) AS probability
        FROM opening
        GROUP BY game_id, sportsbook_id
    ) AS book
    GROUP BY game_id
),
game AS (
    SELECT game_id, game_date, start_at, count(DISTINCT sportsbook_id) AS book_count,
        mode() WITHIN GROUP (ORDER BY line_value)
            FILTER (WHERE market_type = 'spread' AND side = 'home') AS run_line,
        mode() WITHIN GROUP (ORDER BY line_value)
            FILTER (WHERE market_type = 'total' AND side = 'over') AS total_line,
        min(data_quality_score) AS data_quality_score
    FROM standing
    GROUP BY game_id, game_date, start_at
),
consensus AS (
    SELECT game_id, avg(probability) AS probability, stddev_samp(probability) AS dispersion
    FROM moneyline
    GROUP BY game_id
)
INSERT INTO curated.ml_features AS old (
    game_id, game_date, feature_set, as_of, home_win_probability, moneyline_dispersion, run_line,
    total_line, probability_change, home_bets_percent, home_money_percent, steam_moves, book_count,
    data_quality_score, updated_at
)
SELECT game.game_id, game.game_date, 'market_v1', game.start_at, round(c.probability, 8),
    round(c.dispersion, 8), game.run_line, game.total_line,
    round(c.probability - opened.probability, 8), split.bets, split.money,
    (SELECT count(*) FROM {stored_movements} AS m
     WHERE m.game_id = game.game_id AND m.game_date = game.game_date AND m.is_steam_move
       AND m.moved_at < game.start_at),
    game.book_count, game.data_quality_score, now()
FROM game
LEFT JOIN consensus AS c USING (game_id)
LEFT JOIN opened USING (game_id)
LEFT JOIN LATERAL (
    SELECT s.home_or_over_bets_percent AS bets, s.home_or_over_money_percent AS money
    FROM {stored_splits} AS s
    WHERE s.game_id = game.game_id AND s.game_date = game.game_date AND s.market_type = 'moneyline'
      AND s.collected_at < game.start_at
    ORDER BY s.collected_at DESC, s.sportsbook_id, s.source
    LIMIT 1
) AS split ON true
ON CONFLICT (game_id, game_date, feature_set, as_of) DO UPDATE SET
    home_win_probability = excluded.home_win_probability,
    moneyline_dispersion = excluded.moneyline_dispersion,
    run_line = excluded.run_line, total_line = excluded.total_line,
    probability_change = excluded.probability_change,
    home_bets_percent = excluded.home_bets_percent,
    home_money_percent = excluded.home_money_percent,
    steam_moves = excluded.steam_moves, book_count = excluded.book_count,
    data_quality_score = excluded.data_quality_score, updated_at = excluded.updated_at
WHERE (old.home_win_probability, old.moneyline_dispersion, old.run_line, old.total_line,
       old.probability_change, old.home_bets_percent, old.home_money_percent, old.steam_moves,
       old.book_count, old.data_quality_score)
    IS DISTINCT FROM
      (excluded.home_win_probability, excluded.moneyline_dispersion, excluded.run_line,
       excluded.total_line, excluded.probability_change, excluded.home_bets_percent,
       excluded.home_money_percent, excluded.steam_moves, excluded.book_count,
       excluded.data_quality_score);

-- A start that was moved leaves the features as of the old one behind.
DELETE FROM curated.ml_features AS old
USING promoted_game AS g
WHERE old.game_id = g.game_id AND old.game_date = g.game_date AND old.feature_set = 'market_v1'
  AND old.as_of <> g.start_at;
