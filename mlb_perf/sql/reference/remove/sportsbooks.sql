-- The books that nothing refers to any more.
DELETE FROM curated.sportsbooks AS book
 WHERE book.key IN (SELECT key FROM given)
   AND NOT EXISTS (
        SELECT FROM (
            SELECT sportsbook_id FROM staging.sportsbook_aliases
             UNION ALL SELECT sportsbook_id FROM curated.betting_lines_unified
             UNION ALL SELECT sportsbook_id FROM curated.unified_betting_splits
             UNION ALL SELECT sportsbook_id FROM curated.line_movements
             UNION ALL SELECT first_sportsbook_id FROM curated.arbitrage_opportunities
             UNION ALL SELECT second_sportsbook_id FROM curated.arbitrage_opportunities
             UNION ALL SELECT sportsbook_id FROM analytics.betting_recommendations
             UNION ALL SELECT sportsbook_id FROM analytics.backtest_bets
        ) AS referring
        WHERE referring.sportsbook_id = book.sportsbook_id
       );
