-- The quotes of the paths that alone are made again, by all ids of their games.
        SELECT q.*
        FROM promoted_game AS g
        CROSS JOIN jsonb_array_elements(g.late_paths) AS late (path)
        JOIN {staged_quotes} AS q
          ON q.external_game_id IN (
                SELECT m.external_game_id FROM curated.game_id_mappings AS m WHERE m.game_id = g.game_id
            )
         AND q.game_id = g.game_id
         AND q.source = late.path ->> 0 AND q.sportsbook_id = (late.path ->> 1)::integer
         AND q.market_type = late.path ->> 2 AND q.side = late.path ->> 3
