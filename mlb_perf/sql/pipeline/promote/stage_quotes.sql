-- The possible quotes, with their quality, into staging. Of alternate lines that
-- were quoted at one moment the one that is nearest to even money stands.
--
-- Quality: 1, less 0.4 where the sides contradict each other: implied probabilities
-- that add up to less than 0.98 or more than 1.20, handicaps that are not each
-- other's opposite, totals that differ; 0.2 without the other side, 0.2 for a price
-- before the start beyond 20 to 1, 0.2 for a handicap or a total that is unusual
-- in the league. Below 0.7 a quote is suspect.
WITH possible AS (
    -- By a hash of the path first: sorting by six texts takes four times as long.
    SELECT DISTINCT ON (
            path, quoted_at, external_game_id, source, sportsbook_key, market_type, side
        )
        judged.*,
        sum(1 / decimal_price) OVER market AS implied,
        count(*) OVER market AS sides,
        sum(line_value) OVER market AS lines
    FROM (
        SELECT judged.*, hashtextextended(
                external_game_id, hashtextextended(sportsbook_key, hashtext(market_type || side))
            ) AS path
        FROM judged
        WHERE reason_code IS NULL
    ) AS judged
    WINDOW market AS (PARTITION BY raw_id, market_type, quoted_at)
    ORDER BY path, quoted_at, external_game_id, source, sportsbook_key, market_type, side,
        abs(decimal_price - 2), raw_id
),
scored AS (
    SELECT possible.*,
        1 - CASE
                WHEN sides < 2 THEN 0.2
                WHEN implied NOT BETWEEN 0.98 AND 1.20 THEN 0.4
                WHEN sides = 2 AND market_type = 'spread' AND lines <> 0 THEN 0.4
                WHEN sides = 2 AND market_type = 'total' AND lines <> 2 * line_value THEN 0.4
                ELSE 0
            END
          - CASE WHEN NOT coalesce(is_in_play, false) AND decimal_price > 21 THEN 0.2 ELSE 0 END
          - CASE WHEN is_unusual THEN 0.2 ELSE 0 END AS score
    FROM possible
)
INSERT INTO staging.betting_odds_unified (
    external_game_id, source, sportsbook_key, sportsbook_id, market_type, side, line_value, price,
    decimal_price, game_id, game_date, collected_at, is_in_play, data_quality_score,
    validation_status, validation_errors
)
SELECT external_game_id, source, sportsbook_key, sportsbook_id, market_type, side, line_value,
    price, decimal_price, game_id, game_date, quoted_at, coalesce(is_in_play, false), score,
    CASE WHEN score >= 0.7 THEN 'valid' ELSE 'suspect' END,
    -- A moment that no source told: curation puts the quote where the game's start says.
    CASE WHEN moment_kind IS NOT NULL THEN jsonb_build_array(moment_kind || '_without_time') END
FROM scored
-- Of a game that was compacted, a quote in the middle of a line is one that the line's first quote
-- counts. The games are looked up once; a subquery with LIMIT stays one probe of the primary key.
WHERE moment_kind IS NOT NULL
   OR game_id <> ALL (ARRAY(
        SELECT c.game_id FROM staging.compacted_games AS c
        WHERE c.game_id IN (SELECT game_id FROM judged)
      ))
   OR (
    SELECT true
    FROM {stored_lines} AS l
    WHERE l.game_id = scored.game_id AND l.game_date = scored.game_date
      AND l.sportsbook_id = scored.sportsbook_id AND l.market_type = scored.market_type
      AND l.side = scored.side AND l.source = scored.source
      AND l.first_seen_at < scored.quoted_at AND l.last_seen_at > scored.quoted_at
      AND (l.price, l.decimal_price, l.line_value)
          IS NOT DISTINCT FROM (scored.price, scored.decimal_price, scored.line_value)
    LIMIT 1
) IS NULL
{unless_stored}
