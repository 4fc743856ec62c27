-- What each market of the games did from opening to closing, before the start.
-- Consensus: the mode of the books' lines, the mean of their probabilities
-- without vig, of the home side or over. A book counts once: at the opening as its
-- first source has it, at the close as its last one has it, where one has both
-- sides at one line. Sharp is the side whose share of the handle exceeds its share of
-- the bets by {sharp_points} points in the last splits before the start, that has
-- less than half of the bets, and that the line (or else the probability) moved to.
INSERT INTO market (
    game_id, game_date, market_type, opening_line, closing_line, opening_probability,
    closing_probability, average_vig, sharp_side, book_count, movement_count
)
WITH quoted AS (
    SELECT DISTINCT ON (one.game_id, one.market_type, one.sportsbook_id, at.is_close)
        one.game_id, one.market_type, at.is_close, one.line_value,
        1 / one.decimal_price AS implied, 1 / other.decimal_price AS implied_other
    FROM line AS one
    CROSS JOIN (VALUES (false), (true)) AS at (is_close)
    LEFT JOIN line AS other
      ON other.game_id = one.game_id AND other.market_type = one.market_type
     AND other.sportsbook_id = one.sportsbook_id AND other.source = one.source
     AND other.side = CASE one.side WHEN 'home' THEN 'away' ELSE 'under' END
     AND CASE WHEN at.is_close THEN other.is_closing ELSE other.is_opening END
     AND CASE one.market_type
            WHEN 'moneyline' THEN true
            WHEN 'spread' THEN other.line_value = -one.line_value
            ELSE other.line_value = one.line_value
        END
    WHERE one.side IN ('home', 'over')
      AND CASE WHEN at.is_close THEN one.is_closing ELSE one.is_opening END
    ORDER BY one.game_id, one.market_type, one.sportsbook_id, at.is_close, other.side IS NULL,
        CASE WHEN at.is_close THEN -extract(epoch FROM one.last_seen_at)
            ELSE extract(epoch FROM one.first_seen_at) END,
        one.source
),
consensus AS (
    SELECT game_id, market_type,
        mode() WITHIN GROUP (ORDER BY line_value) FILTER (WHERE NOT is_close) AS opening_line,
        mode() WITHIN GROUP (ORDER BY line_value) FILTER (WHERE is_close) AS closing_line,
        avg(implied / (implied + implied_other)) FILTER (WHERE NOT is_close)
            AS opening_probability,
        avg(implied / (implied + implied_other)) FILTER (WHERE is_close) AS closing_probability,
        avg(implied + implied_other - 1) FILTER (WHERE is_close) AS average_vig
    FROM quoted
    GROUP BY game_id, market_type
),
offered AS (
    SELECT game_id, game_date, market_type, count(DISTINCT sportsbook_id) AS book_count
    FROM line
    WHERE NOT is_in_play
    GROUP BY game_id, game_date, market_type
),
split AS (
    SELECT DISTINCT ON (s.game_id, s.market_type) s.game_id, s.market_type,
        CASE
            WHEN s.sharp_side IN ('home', 'over') AND s.home_or_over_bets_percent < 50
              OR s.sharp_side IN ('away', 'under') AND s.away_or_under_bets_percent < 50
            THEN s.sharp_side
        END AS sharp_side
    FROM {stored_splits} AS s
    JOIN promoted_game AS g ON g.game_id = s.game_id AND g.game_date = s.game_date
    WHERE s.collected_at < g.start_at AND g.start_at <= now()
    ORDER BY s.game_id, s.market_type, s.collected_at DESC, s.sportsbook_id, s.source
),
analysis AS (
    SELECT offered.*, c.opening_line, c.closing_line, round(c.opening_probability, 8)
            AS opening_probability,
        round(c.closing_probability, 8) AS closing_probability,
        round(c.average_vig, 8) AS average_vig, coalesce(moved.movement_count, 0) AS movement_count,
        split.sharp_side,
        CASE
            WHEN c.closing_line <> c.opening_line
            THEN sign(CASE offered.market_type WHEN 'spread' THEN c.opening_line - c.closing_line
                ELSE c.closing_line - c.opening_line END)
            ELSE sign(c.closing_probability - c.opening_probability)
        END AS towards
    FROM offered
    LEFT JOIN consensus AS c USING (game_id, market_type)
    LEFT JOIN movement_total AS moved USING (game_id, market_type)
    LEFT JOIN split USING (game_id, market_type)
)
SELECT game_id, game_date, market_type, opening_line, closing_line, opening_probability,
    closing_probability, average_vig,
    CASE WHEN towards = CASE WHEN sharp_side IN ('home', 'over') THEN 1 ELSE -1 END
        THEN sharp_side END,
    book_count, movement_count
FROM analysis;

INSERT INTO stale_market
SELECT old.game_id, old.game_date, old.market_type
FROM {stored_markets} AS old
JOIN promoted_game AS g ON old.game_id = g.game_id AND old.game_date = g.game_date
WHERE NOT EXISTS (
    SELECT 1 FROM market AS m
    WHERE m.game_id = old.game_id AND m.market_type = old.market_type
  );

DELETE FROM curated.ml_market_analysis AS old
USING stale_market AS s
WHERE old.game_id = s.game_id AND old.game_date = s.game_date AND old.market_type = s.market_type;

INSERT INTO curated.ml_market_analysis AS old (
    game_id, game_date, market_type, opening_line, closing_line, opening_probability,
    closing_probability, average_vig, sharp_side, book_count, movement_count, updated_at
)
SELECT game_id, game_date, market_type, opening_line, closing_line, opening_probability,
    closing_probability, average_vig, sharp_side, book_count, movement_count, now()
FROM market
ON CONFLICT (game_id, game_date, market_type) DO UPDATE SET
    opening_line = excluded.opening_line, closing_line = excluded.closing_line,
    opening_probability = excluded.opening_probability,
    closing_probability = excluded.closing_probability, average_vig = excluded.average_vig,
    sharp_side = excluded.sharp_side, book_count = excluded.book_count,
    movement_count = excluded.movement_count, updated_at = excluded.updated_at
WHERE (old.opening_line, old.closing_line, old.opening_probability, old.closing_probability,
       old.average_vig, old.sharp_side, old.book_count, old.movement_count)
    IS DISTINCT FROM
      (excluded.opening_line, excluded.closing_line, excluded.opening_probability,
       excluded.closing_probability, excluded.average_vig, excluded.sharp_side,
       excluded.book_count, excluded.movement_count)
