-- An alias goes, in whatever case it is written.
DELETE FROM staging.sportsbook_aliases
WHERE source = :source AND lower(alias) = lower(:alias)
