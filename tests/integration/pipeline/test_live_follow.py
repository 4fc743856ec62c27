"""``mlb-perf promote --follow``: wakes, waits, stops, and survives the end of its server."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from mlb_perf.cli.app import app
from mlb_perf.errors import DatabaseUnreachable
from mlb_perf.pipeline.load.ingest import ingest, read_response
from mlb_perf.pipeline.loaded import CHANNEL
from mlb_perf.pipeline.promote.follow import Follower, Interval
from mlb_perf.pipeline.promote.tables import RAW_TABLES
from tests.integration.pipeline.live import Feed, Row, assert_equal_to_remake, polls, store
from tests.integration.pipeline.test_live import picture, portions
from tests.support.databases import needs_embedded_server
from tests.support.effort import tries
from tests.support.processes import mlb_perf, started
from tests.support.sql import rows, run, value
from tests.support.waiting import WAITING, eventually, kill_in_phase, wait_for_rows

# Rows of any feed: a follower that is stopped leaves the others hot.
HOT = "SELECT {} AS hot_rows".format(" + ".join(
    f"(SELECT count(*) FROM raw_data.{table.name} WHERE processed_at IS NULL)"
    for table in RAW_TABLES
))  # fmt: skip
# Not only idle: a session that is being made is so between the driver's first statements.
LISTENING = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    f" AND application_name = 'mlb_perf follow' AND state = 'idle' AND query = 'LISTEN {CHANNEL}'"
)
PROMOTED = "SELECT 1 FROM curated.betting_lines_unified HAVING count(*) > 0"


@contextmanager
def following(engine: Engine, look_seconds: float, workers: int = 1) -> Iterator[list[Interval]]:
    """A follower in a thread, stopped at the end; what it reported."""
    stop = threading.Event()
    reports: list[Interval] = []
    follower = Follower(
        engine.url, stop.is_set, reports.append, workers, look_seconds=look_seconds,
        report_seconds=0.2,
    )  # fmt: skip
    thread = threading.Thread(target=follower.run)
    thread.start()
    try:
        wait_for_rows(engine, LISTENING)
        yield reports
    finally:
        stop.set()
        thread.join()


def respond(engine: Engine, poll: Sequence[Row]) -> None:
    """Load a poll as the feed's response, by the package's own loader."""
    body = json.dumps([json.loads(row.values["payload"]) for row in poll])
    assert ingest(engine, read_response(body, "odds_api", poll[0].values["collected_at"])).loaded


def test_a_load_wakes_it(head: Engine) -> None:
    """It would look on its own in an hour."""
    poll = [row for row in next(polls(1)) if row.values["sportsbook_key"] == "fanduel"]
    with following(head, look_seconds=3600) as reports:
        respond(head, poll)
        wait_for_rows(head, PROMOTED, seconds=30)
    assert sum(report.staged.quotes for report in reports) == 6
    found = rows(head, "SELECT status, rows_read FROM operational.pipeline_execution_log"
                       " WHERE stage = 'promote'")  # fmt: skip
    assert found == [("succeeded", 3)]


def test_rows_of_another_loader_are_found_without_notification(head: Engine) -> None:
    with following(head, look_seconds=0.2) as reports:
        store(head, next(polls(1)))
        wait_for_rows(head, PROMOTED, seconds=30)
    assert sum(report.staged.rows for report in reports) == 12


def test_two_followers_share_the_work(head: Engine) -> None:
    with following(head, look_seconds=0.1), following(head, look_seconds=0.1, workers=2):
        for load in portions(Feed(2).rows(), random.Random(2), disorder=0.02):
            store(head, load)
        wait_for_rows(head, HOT, [(0,)])
        wait_for_rows(head, "SELECT count(*) FROM staging.curation_queue", [(0,)])
    assert_equal_to_remake(head)


def test_it_outlives_its_sessions(head: Engine) -> None:
    """The server ends every session, as it does when it shuts down."""
    with following(head, look_seconds=0.2) as reports:
        rows(head, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                   " WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip
        eventually(lambda: any(report.waited for report in reports), what="a report of the loss")
        store(head, next(polls(1)))
        wait_for_rows(head, PROMOTED, seconds=30)
    assert sum(report.staged.rows for report in reports) == 12


def test_a_server_that_was_never_there_is_not_waited_for(head: Engine) -> None:
    nowhere = head.url.set(database="mlb_perf_nowhere")
    with pytest.raises(DatabaseUnreachable, match="mlb_perf_nowhere"):
        Follower(nowhere, lambda: False, lambda _: None).run()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_after_the_batch(head: Engine, how: signal.Signals) -> None:
    """The batch that waits for a lock when the signal comes is finished, and reported."""
    first, second = polls(2)
    with head.connect() as holder, started(mlb_perf("promote", "--follow", "--json")) as process:
        respond(head, first)
        wait_for_rows(head, PROMOTED)
        wait_for_rows(head, HOT, [(0,)])
        holder.execute(text("LOCK TABLE curated.betting_lines_unified IN ACCESS EXCLUSIVE MODE"))
        respond(head, second)
        wait_for_rows(head, WAITING)
        process.send_signal(how)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        holder.rollback()
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    report = json.loads(output.splitlines()[-1])
    assert (report["rows"], report["quotes"], report["games"]) == (24, 48, 6)
    assert value(head, HOT) == 0
    lines = "SELECT game_id, sum(quote_count) FROM curated.betting_lines_unified GROUP BY 1"
    assert sorted(rows(head, lines)) == [(1, 16), (2, 16), (3, 16)]


def test_a_kill_inside_a_batch_loses_nothing(head: Engine) -> None:
    """``kill -9`` while the batch's quotes are staged and its moves wait for a lock."""
    first, second = polls(2)
    with started(mlb_perf("promote", "--follow")) as process:
        store(head, first)
        wait_for_rows(head, PROMOTED)
        wait_for_rows(head, HOT, [(0,)])
        before = picture(head)
        with head.connect() as holder:
            holder.execute(text("LOCK TABLE curated.line_movements IN ACCESS EXCLUSIVE MODE"))
            respond(head, second)
            kill_in_phase(process, lambda: rows(head, WAITING))
            holder.rollback()
    wait_for_rows(head, "SELECT count(*) FROM pg_stat_activity WHERE application_name = "
                        "'mlb_perf promote' AND datname = current_database()", [(0,)])  # fmt: skip
    assert picture(head)[0][1:] == before[0][1:]
    assert value(head, HOT) == 12
    with following(head, look_seconds=0.2):
        wait_for_rows(head, HOT, [(0,)])
    assert_equal_to_remake(head)


STATISTICS_RESET = "SELECT stats_reset FROM pg_stat_wal"
IN_A_BATCH = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = 'mlb_perf promote' AND xact_start IS NOT NULL AND state <> 'idle'"
    " ORDER BY pid"
)


@needs_embedded_server  # whose processes are the tests' own
def test_kills_of_the_server_and_of_the_follower_at_random_moments(head: Engine) -> None:
    """A backend that dies by ``kill -9`` makes the server end every session and recover."""
    # The tests' server does not wait for its disk, and would lose what it committed last.
    run(head, f"ALTER DATABASE {head.url.database} SET synchronous_commit = on")
    chance = random.Random(7)
    kills = ["server", "follower"] * tries(1)
    for kind, poll in zip(kills, polls(len(kills)), strict=True):
        with started(mlb_perf("promote", "--follow", "--workers", "4")) as process:
            wait_for_rows(head, LISTENING)
            respond(head, poll)
            backends = wait_for_rows(head, IN_A_BATCH)
            time.sleep(chance.uniform(0, 0.05))
            if kind == "server":
                recovered = partial(_has_recovered, head, value(head, STATISTICS_RESET))
                os.kill(chance.choice(backends)[0], signal.SIGKILL)
                eventually(recovered, what="the recovery of the server")
            else:
                process.send_signal(signal.SIGKILL)
                process.wait()
    with following(head, look_seconds=0.2, workers=4):
        wait_for_rows(head, HOT, [(0,)])
    assert value(head, "SELECT count(*) FROM staging.betting_odds_unified") == 24 * len(kills)
    assert_equal_to_remake(head)


def _has_recovered(engine: Engine, reset: object) -> bool:
    """Whether the server answers again; a crash resets its statistics, last ``reset`` before."""
    try:
        return bool(value(engine, STATISTICS_RESET) != reset)
    except DBAPIError:
        return False


def test_remake_of_the_command_line(head: Engine) -> None:
    store(head, next(polls(1)))
    assert CliRunner().invoke(app, ["promote"]).exit_code == 0
    game = value(head, "SELECT min(game_id) FROM curated.enhanced_games")
    rows(head, "DELETE FROM curated.betting_lines_unified RETURNING 1")
    result = CliRunner().invoke(app, ["promote", "--remake", str(game)])
    assert "1 game to be made again" in result.output
    counts = "SELECT game_id, count(*) FROM curated.betting_lines_unified GROUP BY 1"
    assert rows(head, counts) == [(game, 8)]
    assert "3 games to be made again" in CliRunner().invoke(app, ["promote", "--remake"]).output
    assert value(head, "SELECT count(*) FROM curated.betting_lines_unified") == 24


@pytest.mark.parametrize(
    ("words", "said"),
    [(["7"], "--remake alone"), (["--json"], "--follow"), (["--remake", "77"], "no game 77")],
)
@pytest.mark.usefixtures("head")
def test_options_that_do_not_fit(words: list[str], said: str) -> None:
    result = CliRunner().invoke(app, ["promote", *words])
    assert result.exit_code != 0
    assert said in result.output or said in str(result.exception)
