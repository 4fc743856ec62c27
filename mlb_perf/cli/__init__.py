"""The command line: ``mlb-perf``, a module for each group of commands."""
