"""Records into ``raw_data``, each once, a transaction per batch."""
