-- The aliases that still point to the same book.
DELETE FROM staging.sportsbook_aliases AS stored
 USING spelling
 CROSS JOIN LATERAL string_to_table(spelling.aliases, ', ') AS listed (alias)
  JOIN curated.sportsbooks AS book ON book.key = spelling.key
 WHERE stored.source = spelling.source
   AND stored.alias = listed.alias
   AND stored.sportsbook_id = book.sportsbook_id;
