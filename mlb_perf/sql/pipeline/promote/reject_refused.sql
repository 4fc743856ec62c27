-- A row that the server refuses, whatever rule of ours it keeps.
INSERT INTO rejection (raw_id, reason_code, reason, record)
SELECT raw_id, 'refused_by_server',
    format('game %s at %s: %s', external_game_id,
        coalesce(nullif(sportsbook_key, ''), 'no sportsbook'), {reason}),
    CASE jsonb_typeof(payload) WHEN 'object' THEN payload
        ELSE jsonb_build_object('payload', payload) END
FROM batch
