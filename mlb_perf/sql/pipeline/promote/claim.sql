-- Hot rows of a raw table that nobody else is promoting and whose games are
-- described already; in no order, which would sort them all for each batch.
INSERT INTO batch (
    raw_id, source, id_source, external_game_id, sportsbook_key, market_type, side, line_key,
    row_key, collected_at, payload, origin
)
SELECT row_number() OVER (), {source}, {id_source}, external_game_id, {sportsbook_key},
    {market_type}, {side}, {line_key},
    nullif(concat_ws('/', {market_type}, {side}, {line_key}), ''), collected_at, payload, origin
FROM (
    SELECT r.*
    FROM raw_data.{table} AS r
    WHERE r.processed_at IS NULL
      AND {recent}
      AND {share}
      AND (  -- with a limit it stays a probe for each hot row, however many games there are
        SELECT true FROM staging.games AS s
        WHERE s.external_game_id = r.external_game_id AND s.source = {source}
        LIMIT 1
      )
    LIMIT {limit}
    FOR UPDATE SKIP LOCKED
) AS r
