"""Instruments that measurements share."""
