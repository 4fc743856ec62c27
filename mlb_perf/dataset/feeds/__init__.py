"""What each feed says of a game: rows of ``raw_data`` in its shape, and what they mean."""
