"""Dependent objects of a table that is rebuilt: views, statistics, publications, foreign keys."""
