"""The report: one HTML file without scripts, fonts or pictures from elsewhere."""
