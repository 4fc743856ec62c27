"""The report as a screen and as text for Prometheus."""
