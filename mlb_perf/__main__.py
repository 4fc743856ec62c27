"""``python -m mlb_perf`` is ``mlb-perf``."""

from mlb_perf.cli.app import main

main()
