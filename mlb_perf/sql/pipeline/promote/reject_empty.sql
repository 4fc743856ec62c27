-- A row that gave nothing, neither quote nor split, is rejected whole.
INSERT INTO rejection (raw_id, reason_code, reason, record)
SELECT batch.raw_id,
    CASE WHEN m.game_id IS NULL
        THEN pg_temp.why_unknown(batch.source, batch.id_source, batch.external_game_id)
        ELSE 'no_quotes' END,
    format('game %s at %s: %s', batch.external_game_id,
        coalesce(nullif(batch.sportsbook_key, ''), 'no sportsbook'),
        CASE WHEN m.game_id IS NULL
            THEN 'its teams or its date are unknown'
                || coalesce(pg_temp.refusal(batch.source, batch.external_game_id), '')
            ELSE 'nothing in it is a price or a split' END),
    CASE jsonb_typeof(batch.payload) WHEN 'object' THEN batch.payload
        ELSE jsonb_build_object('payload', batch.payload) END
FROM batch
LEFT JOIN curated.game_id_mappings AS m
  ON m.source = batch.id_source AND m.external_game_id = batch.external_game_id
WHERE NOT EXISTS (SELECT 1 FROM quote WHERE quote.raw_id = batch.raw_id)
  AND NOT EXISTS (SELECT 1 FROM split WHERE split.raw_id = batch.raw_id)
  AND ({always} OR m.game_id IS NULL)
