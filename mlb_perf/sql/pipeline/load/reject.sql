-- Malformed records, each once however often its file is loaded: the same place, the same text.
-- What is kept already is joined first, because Citus compares no row of a function with a table.
WITH malformed AS MATERIALIZED (
    SELECT DISTINCT ON (m.external_game_id, m.raw_table, m.origin, m.sha256) m.*
    FROM jsonb_to_recordset(%(records)s) AS m (
        external_game_id text, source text, raw_table text, sportsbook_key text, reason_code text,
        reason text, text text, sha256 text, origin text
    )
),
kept AS MATERIALIZED (
    SELECT m.external_game_id, m.raw_table, m.origin, m.sha256
    FROM malformed AS m
    JOIN staging.rejected_records AS r
      ON r.external_game_id = m.external_game_id
     AND r.raw_table = m.raw_table
     AND r.origin = m.origin
     AND left(r.record ->> 'sha256', 64) = m.sha256
)
INSERT INTO staging.rejected_records (
    external_game_id, source, raw_table, sportsbook_key, collected_at, reason_code, reason,
    record, origin
)
SELECT m.external_game_id, m.source, m.raw_table, m.sportsbook_key, now(), m.reason_code, m.reason,
    jsonb_build_object('text', m.text, 'sha256', m.sha256), m.origin
FROM malformed AS m
WHERE NOT EXISTS (
    SELECT 1 FROM kept AS k
    WHERE k.external_game_id = m.external_game_id AND k.raw_table = m.raw_table
      AND k.origin = m.origin AND k.sha256 = m.sha256
)
RETURNING 1  -- without it Citus copies the rows, and an error has no SQLSTATE
