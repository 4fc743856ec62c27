INSERT INTO staging.sportsbook_aliases (source, alias, sportsbook_id)
SELECT spelling.source, listed.alias, book.sportsbook_id
  FROM spelling
 CROSS JOIN LATERAL string_to_table(spelling.aliases, ', ') AS listed (alias)
  JOIN curated.sportsbooks AS book ON book.key = spelling.key
 ORDER BY spelling.source COLLATE "C", listed.alias COLLATE "C"
    ON CONFLICT (source, alias) DO NOTHING;
