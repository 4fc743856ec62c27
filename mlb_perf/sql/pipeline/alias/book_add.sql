-- An alias of a sportsbook; one that meant another book means this one now.
INSERT INTO staging.sportsbook_aliases (source, alias, sportsbook_id)
VALUES (:source, :alias, :id)
ON CONFLICT (source, alias) DO UPDATE SET sportsbook_id = excluded.sportsbook_id
