-- Of games of which some paths alone are made again, the lines of the others: as they are.
INSERT INTO line
SELECT l.game_id, l.game_date, l.sportsbook_id, l.source, l.market_type, l.side, l.line_value,
    l.price, l.decimal_price, l.first_seen_at, l.last_seen_at, l.quote_count, l.is_opening,
    l.is_closing, l.is_in_play, l.data_quality_score
FROM promoted_game AS g
JOIN {stored_lines} AS l ON l.game_id = g.game_id AND l.game_date = g.game_date
WHERE g.late_paths IS NOT NULL
  AND l.game_date BETWEEN {first_date} AND {last_date}
  AND NOT g.late_paths @> jsonb_build_array(
        jsonb_build_array(l.source, l.sportsbook_id, l.market_type, l.side)
    )
