-- Every quote of the games whose paths are all made again.
        SELECT q.*
        FROM {staged_quotes} AS q
        JOIN promoted_game AS g USING (game_id)
        WHERE g.late_paths IS NULL
