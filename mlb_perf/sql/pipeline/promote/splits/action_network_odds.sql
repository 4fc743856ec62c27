-- v1: odds[].{market}_{side}_public and _money; v2: bet_info of each outcome.
INSERT INTO split (
    raw_id, source, split_at, sportsbook_key, market_key, line_text, home_or_over_bets,
    away_or_under_bets, home_or_over_bets_percent, away_or_under_bets_percent,
    home_or_over_money_percent, away_or_under_money_percent, record
)
SELECT r.raw_id, r.source, coalesce(pg_temp.as_moment(o ->> 'inserted'), r.collected_at),
    r.sportsbook_key, told.market, told.line, NULL, NULL, told.home_bets, told.away_bets,
    told.home_money, told.away_money, jsonb_build_object('market', told.market, 'odds', o)
FROM batch AS r
CROSS JOIN LATERAL jsonb_array_elements(pg_temp.as_array(r.payload -> 'odds')) AS o
CROSS JOIN LATERAL (VALUES
    ('moneyline', NULL, o ->> 'ml_home_public', o ->> 'ml_away_public', o ->> 'ml_home_money',
     o ->> 'ml_away_money'),
    ('spread', o ->> 'spread_home', o ->> 'spread_home_public', o ->> 'spread_away_public',
     o ->> 'spread_home_money', o ->> 'spread_away_money'),
    ('total', o ->> 'total', o ->> 'total_over_public', o ->> 'total_under_public',
     o ->> 'total_over_money', o ->> 'total_under_money')
) AS told (market, line, home_bets, away_bets, home_money, away_money)
WHERE coalesce(o ->> 'type', 'game') = 'game' AND told.home_bets IS NOT NULL
UNION ALL
SELECT r.raw_id, r.source, r.collected_at, r.sportsbook_key, market.key,
    CASE market.key WHEN 'moneyline' THEN NULL ELSE one.o ->> 'value' END,
    one.o #>> '{bet_info,tickets,value}', other.o #>> '{bet_info,tickets,value}',
    one.o #>> '{bet_info,tickets,percent}', other.o #>> '{bet_info,tickets,percent}',
    one.o #>> '{bet_info,money,percent}', other.o #>> '{bet_info,money,percent}',
    jsonb_build_object('market', market.key, 'outcomes', market.value)
FROM batch AS r
CROSS JOIN LATERAL jsonb_each(pg_temp.as_object(r.payload -> 'markets')) AS book
CROSS JOIN LATERAL jsonb_each(pg_temp.as_object(book.value -> 'event')) AS market
CROSS JOIN LATERAL (
    SELECT e.outcome FROM jsonb_array_elements(pg_temp.as_array(market.value)) AS e (outcome)
    WHERE lower(e.outcome ->> 'side') IN ('home', 'over') LIMIT 1
) AS one (o)
CROSS JOIN LATERAL (
    SELECT e.outcome FROM jsonb_array_elements(pg_temp.as_array(market.value)) AS e (outcome)
    WHERE lower(e.outcome ->> 'side') IN ('away', 'under') LIMIT 1
) AS other (o)
WHERE one.o #>> '{bet_info,tickets,percent}' IS NOT NULL
