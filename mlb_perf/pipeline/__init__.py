"""The way of a record: ``load`` into ``raw_data``, ``promote`` to staging and curated."""
