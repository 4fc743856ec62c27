INSERT INTO curated.teams (
    league_id, abbreviation, statsapi_team_id, name, location, nickname, conference, division,
    home_venue_id
)
SELECT league.league_id, given.abbreviation, given.statsapi_team_id, given.name, given.location,
       given.nickname, given.conference, given.division, venue.venue_id
  FROM given
  JOIN curated.leagues AS league ON league.code = given.league
  LEFT JOIN curated.venues AS venue ON venue.name = given.home_venue
 ORDER BY league.league_id, given.abbreviation COLLATE "C"
    ON CONFLICT DO NOTHING;
