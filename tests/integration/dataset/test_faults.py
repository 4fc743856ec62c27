"""Data sets that are made twice, differently, into rows of others, or not to the end."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from mlb_perf import sql
from mlb_perf.dataset import generate
from mlb_perf.errors import DatasetRefused
from tests.integration.dataset.contents import digests
from tests.support.databases import Server, copy_of
from tests.support.processes import start
from tests.support.sql import rows
from tests.support.waiting import OTHER_SESSIONS, WAITING, wait_for_no_rows, wait_for_rows

SCALE = 0.004
GAMES = 10
TINY = 0.0009
"""Two games."""


@pytest.fixture(scope="module")
def whole(head_template: NoopExecutor, server: Server) -> Iterator[Engine]:
    """Ten games, written by one process in one go."""
    with copy_of(head_template, server, "mlb_perf_test_whole") as url:
        generate(url, SCALE, seed=1)
        engine = create_engine(url, poolclass=NullPool)
        yield engine
        engine.dispose()


def test_the_rows_do_not_depend_on_workers_and_batches(whole: Engine, head: Engine) -> None:
    # Processes of their own also have other seeds of hash().
    report = generate(head, SCALE, seed=1, workers=2, batch_games=1)
    assert report.games == GAMES
    assert digests(head) == digests(whole)


def test_it_ends_with_the_day_that_is_named(head: Engine) -> None:
    generate(head, TINY, seed=1, until=dt.date(2027, 6, 10))
    newest = "SELECT max(collected_at) FROM raw_data.odds_api_odds"
    [(moment,)] = rows(head, newest)
    midnight = dt.datetime(2027, 6, 11, tzinfo=dt.UTC)
    assert midnight - dt.timedelta(hours=1) < moment < midnight


def test_a_table_with_rows_is_named(head: Engine) -> None:
    with head.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO raw_data.sbd_splits (external_game_id, sportsbook_key, collected_at,"
            " payload) VALUES ('g', 'b', now(), '{}')"
        )
    with pytest.raises(DatasetRefused, match=r"raw_data\.sbd_splits hold rows already"):
        generate(head, SCALE)
    assert rows(head, "SELECT count(*) FROM curated.enhanced_games") == [(0,)]


def test_a_whole_data_set_is_not_made_again(whole: Engine) -> None:
    with pytest.raises(DatasetRefused, match=r"holds a data set already \(.*scale 0\.004"):
        generate(whole, SCALE, seed=1)


def test_months_are_made_or_named(head: Engine) -> None:
    """The months of a year in which no migration made any; one whose name is taken is named."""
    [(before,)] = rows(head, "SELECT count(*) FROM pg_inherits")
    taken = "raw_data.odds_api_odds_2031_08"
    with head.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE {taken} ()")
    named = rf"nothing was written: .*another relation is named {taken}"
    with pytest.raises(DatasetRefused, match=named):
        generate(head, TINY, seed=1, until=dt.date(2031, 9, 5))
    assert rows(head, "SELECT count(*) FROM pg_inherits") == [(before,)]
    with head.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {taken}")
    generate(head, TINY, seed=1, until=dt.date(2031, 9, 5))
    quotes = "SELECT min(collected_at) >= '2031-08-01 00:00:00+00' FROM raw_data.odds_api_odds"
    assert rows(head, quotes) == [(True,)]


def sequences(engine: Engine) -> list[tuple[str, int, int | None]]:
    """Each sequence, its last value, and the highest id of its column."""
    return [
        (name, *rows(engine, f"SELECT s.last_value, (SELECT max({column}) FROM {table})"
                             f" FROM {name} AS s")[0])
        for table, column, name in rows(engine, sql.read("dataset/set_sequences.sql"))
    ]  # fmt: skip


CHILD = (
    "import sys; from mlb_perf.dataset import generate;"
    f" generate(sys.argv[1], {SCALE}, 1, workers=2, batch_games=1)"
)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_one_that_was_killed_is_completed(whole: Engine, head: Engine, how: signal.Signals) -> None:
    url = head.url.render_as_string(hide_password=False)
    command = (sys.executable, "-c", CHILD, url)
    child = start(command, new_interpreter=True, stderr=subprocess.DEVNULL)
    count = "SELECT count(*) FROM curated.enhanced_games"
    wait_for_rows(head, f"{count} HAVING count(*) >= 1")
    with head.begin() as connection:
        # The workers stand still in the middle of a game until the signal is there.
        connection.exec_driver_sql("LOCK TABLE analytics.strategy_signals IN SHARE MODE")
        wait_for_rows(head, WAITING)
        os.kill(child.pid, how)
        if how == signal.SIGKILL:
            child.wait()
    child.communicate()
    wait_for_no_rows(head, OTHER_SESSIONS)
    [(there,)] = rows(head, count)
    assert 1 <= there < GAMES
    assert [name for name, last, highest in sequences(head) if highest and last < highest] == []
    with pytest.raises(DatasetRefused, match=r"`mlb-perf generate --scale 0\.004 --seed 1 "):
        generate(head, SCALE, seed=2)
    assert generate(head, SCALE, seed=1).games == GAMES - there
    assert digests(head) == digests(whole)
