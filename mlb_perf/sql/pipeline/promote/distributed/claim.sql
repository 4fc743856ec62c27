-- Hot rows of a raw table whose games are described already. Citus locks no rows of several nodes in
-- one select, so what is locked is the game, by its id, on the node where promotion runs; no more
-- games than a batch takes, so that other sessions have something to do.
DELETE FROM candidate_id;
DELETE FROM claimed_id;

INSERT INTO candidate_id
SELECT r.external_game_id, count(*)
FROM raw_data.{table} AS r
WHERE r.processed_at IS NULL
  AND {recent}
  AND {share}
  AND EXISTS (
    SELECT 1 FROM staging.games AS s
    WHERE s.external_game_id = r.external_game_id AND s.source = {source}
  )
GROUP BY r.external_game_id;

INSERT INTO claimed_id
SELECT c.external_game_id
FROM (SELECT external_game_id FROM candidate_id ORDER BY external_game_id OFFSET 0) AS c
WHERE pg_try_advisory_xact_lock(hashtextextended('mlb_perf: promotes ' || c.external_game_id, 0))
LIMIT (SELECT ceil({limit} / avg(hot_rows)) FROM candidate_id);

INSERT INTO batch (
    raw_id, source, id_source, external_game_id, sportsbook_key, market_type, side, line_key,
    row_key, collected_at, payload, origin
)
SELECT row_number() OVER (), source, id_source, external_game_id, sportsbook_key, market_type,
    side, line_key, nullif(concat_ws('/', market_type, side, line_key), ''), collected_at, payload,
    origin
FROM (
    SELECT {source} AS source, {id_source} AS id_source, r.external_game_id,
        {sportsbook_key} AS sportsbook_key, {market_type} AS market_type, {side} AS side,
        {line_key} AS line_key, r.collected_at, r.payload, r.origin
    FROM raw_data.{table} AS r
    WHERE r.processed_at IS NULL
      AND {recent}
      AND r.external_game_id IN (SELECT external_game_id FROM claimed_id)
      AND EXISTS (
        SELECT 1 FROM staging.games AS s
        WHERE s.external_game_id = r.external_game_id AND s.source = {source}
      )
    LIMIT {limit}
) AS r
