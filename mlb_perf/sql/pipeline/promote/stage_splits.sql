-- The possible splits, with their quality, into staging; the others to the rejections.
--
-- Quality: 1, less 0.3 where one of the two pairs of percentages is missing,
-- 0.3 where a pair adds up to something outside of 98 to 102.
WITH read AS MATERIALIZED (
    SELECT split.raw_id, batch.external_game_id, left(split.source, 32) AS source,
        coalesce(split.sportsbook_key, batch.sportsbook_key, '') AS sportsbook_key,
        book.sportsbook_id, m.game_id,
        g.game_date, split.split_at, split.market_key,
        CASE WHEN split.market_key <> 'moneyline' THEN pg_temp.as_number(split.line_text) END
            AS line_value,
        pg_temp.as_integer(split.home_or_over_bets) AS home_bets,
        pg_temp.as_integer(split.away_or_under_bets) AS away_bets,
        pg_temp.as_number(split.home_or_over_bets_percent) AS home_bets_percent,
        pg_temp.as_number(split.away_or_under_bets_percent) AS away_bets_percent,
        pg_temp.as_number(split.home_or_over_money_percent) AS home_money_percent,
        pg_temp.as_number(split.away_or_under_money_percent) AS away_money_percent,
        split.record
    FROM split
    JOIN batch USING (raw_id)
    LEFT JOIN book ON book.source = batch.source
        AND book.sportsbook_key = coalesce(split.sportsbook_key, batch.sportsbook_key, '')
    LEFT JOIN curated.game_id_mappings AS m
      ON m.source = batch.id_source AND m.external_game_id = batch.external_game_id
    LEFT JOIN curated.enhanced_games AS g ON g.game_id = m.game_id
),
ruled AS (
    SELECT read.*,
        CASE
            WHEN game_id IS NULL THEN 'unknown_game'
            WHEN sportsbook_id IS NULL THEN 'unknown_sportsbook'
            WHEN market_key IS NULL OR market_key NOT IN ('moneyline', 'spread', 'total')
            THEN 'unknown_market'
            WHEN coalesce(home_bets_percent, away_bets_percent, home_money_percent,
                          away_money_percent) IS NULL
              OR (home_bets_percent = 0 AND away_bets_percent = 0)
              OR (home_money_percent = 0 AND away_money_percent = 0)
            THEN 'empty_split'
            WHEN home_bets_percent NOT BETWEEN 0 AND 100
              OR away_bets_percent NOT BETWEEN 0 AND 100
              OR home_money_percent NOT BETWEEN 0 AND 100
              OR away_money_percent NOT BETWEEN 0 AND 100
            THEN 'impossible_percent'
            WHEN home_bets < 0 OR away_bets < 0 THEN 'impossible_bets'
            WHEN line_value * 2 <> trunc(line_value * 2) OR abs(line_value) > 99
            THEN 'impossible_line'
        END AS reason_code,
        1 - CASE WHEN home_bets_percent IS NULL OR away_bets_percent IS NULL
                   OR home_money_percent IS NULL OR away_money_percent IS NULL
                THEN 0.3 ELSE 0 END
          - CASE WHEN home_bets_percent + away_bets_percent NOT BETWEEN 98 AND 102
                   OR home_money_percent + away_money_percent NOT BETWEEN 98 AND 102
                THEN 0.3 ELSE 0 END AS score
    FROM read
),
stored AS (
    INSERT INTO staging.betting_splits (
        external_game_id, source, sportsbook_key, sportsbook_id, market_type, line_value, game_id,
        game_date, collected_at, home_or_over_bets, away_or_under_bets, home_or_over_bets_percent,
        away_or_under_bets_percent, home_or_over_money_percent, away_or_under_money_percent,
        data_quality_score, validation_status
    )
    SELECT external_game_id, source, left(sportsbook_key, 64), sportsbook_id, market_key,
        line_value, game_id, game_date, split_at, home_bets, away_bets, home_bets_percent,
        away_bets_percent, home_money_percent, away_money_percent, score,
        CASE WHEN score >= 0.7 THEN 'valid' ELSE 'suspect' END
    FROM ruled
    WHERE reason_code IS NULL
    ON CONFLICT (external_game_id, source, sportsbook_key, market_type, collected_at) DO NOTHING
    RETURNING *
),
kept AS (
    INSERT INTO staged_split
    SELECT * FROM stored WHERE game_id IN (SELECT game_id FROM live_game)
),
counted AS (
    INSERT INTO staged_total (source, staged, valid)
    SELECT source, count(*), count(*) FILTER (WHERE validation_status = 'valid')
    FROM stored
    GROUP BY source
)
INSERT INTO rejection (raw_id, reason_code, reason, record)
SELECT raw_id, reason_code,
    format('split of market %s at %s of game %s', coalesce(market_key, 'none'),
        coalesce(nullif(sportsbook_key, ''), 'no sportsbook'), external_game_id),
    record
FROM ruled
WHERE reason_code IS NOT NULL;
