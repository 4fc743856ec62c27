-- A side goes with its team: where the feed had the game's sides the other way around when it said
-- it, home is away. A side that was a team's name is the game's already.
CREATE TEMPORARY TABLE turned_row ON COMMIT DROP AS
SELECT batch.raw_id, batch.side = 'all' AND coalesce(batch.payload ->> 'side', 'all') <> 'all' AS is_named
FROM batch
CROSS JOIN LATERAL (
    SELECT s.game_id, s.home_team_id
    FROM {descriptions} AS s
    WHERE s.external_game_id = batch.external_game_id AND s.source = left(batch.source, 32)
      AND s.game_id IS NOT NULL
    ORDER BY s.collected_at <= batch.collected_at DESC,
        abs(extract(epoch FROM s.collected_at - batch.collected_at))
    LIMIT 1
) AS told
JOIN curated.enhanced_games AS g ON g.game_id = told.game_id
WHERE told.home_team_id = g.away_team_id;

UPDATE quote
SET side_key = CASE side_key WHEN 'home' THEN 'away' WHEN 'away' THEN 'home' ELSE side_key END
FROM turned_row AS t
WHERE t.raw_id = quote.raw_id AND t.is_named IS NOT TRUE;

UPDATE split
SET home_or_over_bets = away_or_under_bets, away_or_under_bets = home_or_over_bets,
    home_or_over_bets_percent = away_or_under_bets_percent,
    away_or_under_bets_percent = home_or_over_bets_percent,
    home_or_over_money_percent = away_or_under_money_percent,
    away_or_under_money_percent = home_or_over_money_percent,
    line_text = coalesce((-pg_temp.as_line(line_text))::text, line_text)
FROM turned_row AS t
WHERE t.raw_id = split.raw_id AND split.market_key <> 'total';

DROP TABLE turned_row
