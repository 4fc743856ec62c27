-- Count and hash of the seeded rows, which no order of rows or columns changes.

SELECT
    (SELECT concat(count(*), ':', sum(hashtextextended(concat_ws('|', external_game_id, sportsbook_key,
        extract(epoch FROM collected_at), payload, origin, ingested_at, processed_at), 0)))
     FROM raw_data.odds_api_odds WHERE external_game_id NOT LIKE 'live %') AS raw,
    (SELECT concat(count(*), ':', sum(hashtextextended(concat_ws('|', odds_id, external_game_id, source,
        sportsbook_key, sportsbook_id, side, line_value, price, decimal_price, game_id, collected_at,
        created_at), 0)))
     FROM staging.betting_odds_unified WHERE external_game_id NOT LIKE 'live %') AS staging,
    (SELECT concat(count(*), ':', sum(hashtextextended(concat_ws('|', line_id, game_id, game_date,
        sportsbook_id, side, price, decimal_price, implied_probability, first_seen_at, last_seen_at,
        quote_count), 0)))
     FROM curated.betting_lines_unified WHERE source <> 'live') AS curated
