-- A row is one market's split, as text; 0 bets on both sides is a placeholder.
INSERT INTO split (
    raw_id, source, split_at, sportsbook_key, market_key, line_text, home_or_over_bets,
    away_or_under_bets, home_or_over_bets_percent, away_or_under_bets_percent,
    home_or_over_money_percent, away_or_under_money_percent, record
)
SELECT r.raw_id, r.source, r.collected_at, r.sportsbook_key, r.payload ->> 'split_type',
    r.payload ->> 'split_value', r.payload ->> 'home_or_over_bets',
    r.payload ->> 'away_or_under_bets', r.payload ->> 'home_or_over_bets_percentage',
    r.payload ->> 'away_or_under_bets_percentage', r.payload ->> 'home_or_over_stake_percentage',
    r.payload ->> 'away_or_under_stake_percentage', r.payload
FROM batch AS r
