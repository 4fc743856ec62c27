"""Measurements of the schema; ``measurements`` names them all, and the module of each.

``run`` measures both sides of an upgrade. ``measure`` has a module for each measurement, ``tools``
what they share, ``judge`` the targets and comparisons, ``report`` the page, the tables and the
blocks of the documentation; ``document`` is the result that passes between them.
"""
