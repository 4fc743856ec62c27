INSERT INTO curated.venues (
    statsapi_venue_id, name, city, region, country, time_zone, roof_type, former_names
)
SELECT venue.*, coalesce(string_to_array(known_as.other_names, ', '), '{}')
  FROM venue
  LEFT JOIN known_as USING (name)
 ORDER BY venue.name COLLATE "C"
    ON CONFLICT DO NOTHING;
