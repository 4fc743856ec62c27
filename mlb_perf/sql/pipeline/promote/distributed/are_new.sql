-- Each stored quote would have to come from its node first.
SELECT false
