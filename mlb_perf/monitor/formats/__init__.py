"""The report as a screen, as JSON, and as text for Prometheus."""
