-- Each split of the batch: what it means, and if it means nothing possible, why.
-- Percentages may be fractions: pairs that add up to 1 are read as such.
WITH read AS MATERIALIZED (
    SELECT split.raw_id, batch.source AS batch_source, batch.id_source, batch.external_game_id,
        left(split.source, 32) AS source,
        coalesce(split.sportsbook_key, batch.sportsbook_key, '') AS sportsbook_key,
        book.sportsbook_id, m.game_id,
        g.league_id, g.game_date, split.split_at, split.market_key, split.line_text,
        CASE WHEN split.market_key <> 'moneyline' THEN pg_temp.as_line(split.line_text) END
            AS line_value,
        pg_temp.as_integer(split.home_or_over_bets) AS home_bets,
        pg_temp.as_integer(split.away_or_under_bets) AS away_bets,
        split.home_or_over_bets AS home_bets_text, split.away_or_under_bets AS away_bets_text,
        pg_temp.as_percent(split.home_or_over_bets_percent) AS home_bets_percent,
        pg_temp.as_percent(split.away_or_under_bets_percent) AS away_bets_percent,
        pg_temp.as_percent(split.home_or_over_money_percent) AS home_money_percent,
        pg_temp.as_percent(split.away_or_under_money_percent) AS away_money_percent,
        ARRAY[split.home_or_over_bets_percent, split.away_or_under_bets_percent,
            split.home_or_over_money_percent, split.away_or_under_money_percent] AS percents,
        split.record
    FROM split
    JOIN batch USING (raw_id)
    LEFT JOIN book ON book.source = batch.source
        AND book.sportsbook_key = coalesce(split.sportsbook_key, batch.sportsbook_key, '')
    LEFT JOIN curated.game_id_mappings AS m
      ON m.source = batch.id_source AND m.external_game_id = batch.external_game_id
    LEFT JOIN curated.enhanced_games AS g ON g.game_id = m.game_id
),
scaled AS (
    SELECT read.*, fraction.are_fractions, CASE WHEN fraction.are_fractions THEN 100 ELSE 1 END AS scale
    FROM read
    CROSS JOIN LATERAL (
        SELECT coalesce(home_bets_percent + away_bets_percent = 1, false)
            OR coalesce(home_money_percent + away_money_percent = 1, false) AS are_fractions
    ) AS fraction
)
INSERT INTO judged_split
SELECT raw_id, source, external_game_id, left(sportsbook_key, 64), sportsbook_id, game_id,
    game_date, market_key, line_value, split_at, home_bets, away_bets,
    round(home_bets_percent * scale, 3), round(away_bets_percent * scale, 3),
    round(home_money_percent * scale, 3), round(away_money_percent * scale, 3), are_fractions,
    CASE
        WHEN (SELECT bool_and(pg_temp.is_absent(told)) FROM unnest(percents) AS told)
        THEN 'not_offered'
        WHEN game_id IS NULL
        THEN pg_temp.why_unknown(batch_source, id_source, external_game_id)
        WHEN sportsbook_id IS NULL THEN 'unknown_sportsbook'
        WHEN split_at IS NULL OR split_at < '2000-01-01' OR split_at > now() + interval '1 day'
        THEN 'bad_time'
        WHEN market_key IS NULL OR market_key NOT IN ('moneyline', 'spread', 'total')
        THEN 'unknown_market'
        WHEN (SELECT bool_or(pg_temp.as_percent(told) IS NULL AND NOT pg_temp.is_absent(told))
              FROM unnest(percents) AS told)
        THEN 'unreadable_percent'
        WHEN (home_bets_percent = 0 AND away_bets_percent = 0)
          OR (home_money_percent = 0 AND away_money_percent = 0)
        THEN 'empty_split'
        WHEN round(home_bets_percent * scale, 3) NOT BETWEEN 0 AND 100
          OR round(away_bets_percent * scale, 3) NOT BETWEEN 0 AND 100
          OR round(home_money_percent * scale, 3) NOT BETWEEN 0 AND 100
          OR round(away_money_percent * scale, 3) NOT BETWEEN 0 AND 100
        THEN 'impossible_percent'
        WHEN (home_bets IS NULL AND NOT pg_temp.is_absent(home_bets_text))
          OR (away_bets IS NULL AND NOT pg_temp.is_absent(away_bets_text))
        THEN 'unreadable_bets'
        WHEN home_bets < 0 OR away_bets < 0 THEN 'impossible_bets'
        WHEN market_key <> 'moneyline' AND line_value IS NULL
          AND NOT pg_temp.is_absent(line_text) THEN 'unreadable_line'
        WHEN line_value * 2 <> trunc(line_value * 2) OR abs(line_value) > 999.5
          OR abs(line_value) > CASE market_key WHEN 'spread' THEN league.largest_spread
                ELSE league.largest_total END
        THEN 'impossible_line'
    END,
    array_to_string(percents, ', ', 'none'), record
FROM scaled
LEFT JOIN curated.leagues AS league USING (league_id)
