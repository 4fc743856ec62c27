-- The games are {games}, a part of those that were claimed, which are kept aside.
INSERT INTO claimed_game SELECT * FROM promoted_game WHERE NOT EXISTS (SELECT 1 FROM claimed_game);

DELETE FROM promoted_game;
DELETE FROM line;
DELETE FROM movement_total;
DELETE FROM movement;
DELETE FROM arbitrage;
DELETE FROM market;
DELETE FROM stale_line;
DELETE FROM stale_movement;
DELETE FROM stale_arbitrage;
DELETE FROM stale_market;
DELETE FROM turned_ready;

INSERT INTO promoted_game SELECT * FROM claimed_game WHERE game_id IN ({games})
