-- Games that the server refused are tried again.
UPDATE staging.curation_queue SET parked_at = NULL, reason = NULL WHERE parked_at IS NOT NULL
