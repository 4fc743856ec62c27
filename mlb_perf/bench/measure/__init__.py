"""Measurements, one module for each."""
