-- One book after another by the primary key: the next book is the first key
-- greater than the last one, so that the books' snapshots are not all read.
WITH RECURSIVE latest AS (
    (
        SELECT sportsbook_key, collected_at, payload
        FROM raw_data.odds_api_odds
        WHERE external_game_id = CAST(:external_game_id AS text)
          AND collected_at >= CAST(:since AS timestamptz)
          AND collected_at < CAST(:until AS timestamptz)
        ORDER BY sportsbook_key DESC, collected_at DESC
        LIMIT 1
    )
    UNION ALL
    SELECT following.*
    FROM latest
    CROSS JOIN LATERAL (
        SELECT o.sportsbook_key, o.collected_at, o.payload
        FROM raw_data.odds_api_odds AS o
        WHERE o.external_game_id = CAST(:external_game_id AS text)
          AND o.sportsbook_key < latest.sportsbook_key
          AND o.collected_at >= CAST(:since AS timestamptz)
          AND o.collected_at < CAST(:until AS timestamptz)
        ORDER BY o.sportsbook_key DESC, o.collected_at DESC
        LIMIT 1
    ) AS following
)
SELECT sportsbook_key, collected_at, payload
FROM latest
