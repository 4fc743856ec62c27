"""``mlb-perf promote --follow``: signals, and a line for each minute."""

from __future__ import annotations

import datetime as dt
import json
import signal
import threading
from typing import Any

from sqlalchemy import URL

from mlb_perf.cli.shared import echo
from mlb_perf.formatting import ms, plural
from mlb_perf.pipeline.promote.follow import Follower, Interval


def run_follow(url: URL, workers: int, *, as_json: bool) -> None:
    """Follow the database until SIGTERM or SIGINT; the batch that is being done is finished."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())

    def report(interval: Interval) -> None:
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        line = (
            json.dumps(_fields(now, interval)) if as_json else f"{now:%H:%M:%SZ} {_line(interval)}"
        )
        echo(line)

    Follower(url, stop.is_set, report, workers).run()


def _fields(now: dt.datetime, interval: Interval) -> dict[str, Any]:
    staged = interval.staged
    return {
        "at": now.isoformat(), "passes": interval.passes, "rows": staged.rows,
        "quotes": staged.quotes, "splits": staged.splits, "rejected": staged.rejected,
        "games": interval.curated.games,
        "parked": interval.curated.parked, "slowest_seconds": round(interval.slowest, 3),
        "waited_for": interval.waited or None,
    }  # fmt: skip


def _line(interval: Interval) -> str:
    staged = interval.staged
    waited = f"; waited for the server: {interval.waited}" if interval.waited else ""
    if not interval.passes:
        return f"nothing to promote{waited}"
    return (
        f"promoted {staged.rows:,} raw rows in {plural(interval.passes, 'pass', 'passes')}, the "
        f"slowest took {ms(interval.slowest * 1000)}: {staged.quotes:,} quotes, "
        f"{staged.splits:,} splits, {staged.rejected:,} rejected, "
        f"{interval.curated.games:,} games updated{waited}"
    )
