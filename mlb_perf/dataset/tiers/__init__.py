"""The rows of one game in staging, curated and analytics."""
