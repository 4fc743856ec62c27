"""Records out of files and responses, without a database."""
