-- Splits that are not possible. What is not offered is counted and not rejected.
INSERT INTO rejection (raw_id, reason_code, reason, record)
SELECT raw_id, reason_code,
    format('split of market %s at %s of game %s%s', coalesce(market_type, 'none'),
        coalesce(nullif(sportsbook_key, ''), 'no sportsbook'), external_game_id,
        CASE WHEN reason_code LIKE 'unreadable%' OR reason_code LIKE 'impossible%'
            THEN ': ' || told END),
    record
FROM judged_split
WHERE reason_code <> 'not_offered'
