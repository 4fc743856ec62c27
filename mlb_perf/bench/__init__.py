"""The benchmark: what the package claims, measured on the user's own machine.

``mlb-perf bench`` is :mod:`mlb_perf.bench.run`; each part is a module with a function
that takes a database and answers plain values.
"""
