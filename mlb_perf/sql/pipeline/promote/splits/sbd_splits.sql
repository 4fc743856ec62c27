-- bettingSplits.{market}.{side}: bets, betsPercentage, stakePercentage.
INSERT INTO split (
    raw_id, source, split_at, sportsbook_key, market_key, line_text, home_or_over_bets,
    away_or_under_bets, home_or_over_bets_percent, away_or_under_bets_percent,
    home_or_over_money_percent, away_or_under_money_percent, record
)
SELECT r.raw_id, r.source, coalesce(pg_temp.as_moment(m.value ->> 'updated'), r.collected_at),
    r.sportsbook_key, m.key, NULL, one.value ->> 'bets', other.value ->> 'bets',
    one.value ->> 'betsPercentage', other.value ->> 'betsPercentage',
    one.value ->> 'stakePercentage', other.value ->> 'stakePercentage',
    jsonb_build_object('market', m.key, 'split', m.value)
FROM batch AS r
CROSS JOIN LATERAL jsonb_each(pg_temp.as_object(r.payload -> 'bettingSplits')) AS m
CROSS JOIN LATERAL (SELECT coalesce(m.value -> 'home', m.value -> 'over')) AS one (value)
CROSS JOIN LATERAL (SELECT coalesce(m.value -> 'away', m.value -> 'under')) AS other (value)
