-- The oldest hot rows of a raw table that nobody else is promoting and whose games
-- are described already.
INSERT INTO batch (
    raw_id, source, id_source, external_game_id, sportsbook_key, market_type, collected_at,
    payload, origin
)
SELECT row_number() OVER (), {source}, {id_source}, external_game_id, {sportsbook_key},
    {market_type}, collected_at, payload, origin
FROM (
    SELECT r.*
    FROM raw_data.{table} AS r
    WHERE r.processed_at IS NULL
      AND EXISTS (
        SELECT FROM staging.games AS s
        WHERE s.external_game_id = r.external_game_id AND s.source = {source}
      )
    ORDER BY r.collected_at
    LIMIT {limit}
    FOR UPDATE SKIP LOCKED
) AS r
