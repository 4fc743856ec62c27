-- The venues that nothing refers to any more.
DELETE FROM curated.venues AS stored
 WHERE stored.name IN (SELECT name FROM venue)
   AND NOT EXISTS (
        SELECT FROM (
            SELECT home_venue_id FROM curated.teams
             UNION ALL SELECT venue_id FROM curated.enhanced_games
        ) AS referring (venue_id)
        WHERE referring.venue_id = stored.venue_id
       );
