-- Games with staging rows that are still to be done, which nobody else is doing.
INSERT INTO promoted_game (game_id, game_date, start_at)
SELECT g.game_id, g.game_date, coalesce(g.actual_start_at, g.scheduled_start_at)
FROM curated.enhanced_games AS g
WHERE g.game_id IN (
    SELECT game_id FROM staging.betting_odds_unified
    WHERE processed_at IS NULL AND game_id IS NOT NULL
    UNION
    SELECT game_id FROM staging.betting_splits
    WHERE processed_at IS NULL AND game_id IS NOT NULL
)
LIMIT {limit}
FOR UPDATE SKIP LOCKED
