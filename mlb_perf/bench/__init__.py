"""Measurements of the schema, and the data that they are made on."""
