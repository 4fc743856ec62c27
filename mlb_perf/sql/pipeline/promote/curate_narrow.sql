-- The games are {games}, a part of those that were claimed, which are kept aside.
INSERT INTO claimed_game SELECT * FROM promoted_game WHERE NOT EXISTS (SELECT 1 FROM claimed_game);

DELETE FROM promoted_game;
DELETE FROM line;
DELETE FROM movement_total;

INSERT INTO promoted_game SELECT * FROM claimed_game WHERE game_id IN ({games})
