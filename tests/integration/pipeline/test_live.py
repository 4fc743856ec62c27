"""Rows appended poll by poll are those of a full remake, whoever appended them."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from mlb_perf.errors import ConfigurationError
from mlb_perf.pipeline.promote import promote, queue_games
from tests.integration.pipeline import feeds
from tests.integration.pipeline.live import (
    BOOKS,
    MINUTE,
    Feed,
    Row,
    assert_equal_to_remake,
    polls,
    promoter,
    store,
)
from tests.support.effort import tries
from tests.support.sql import rows, run, value
from tests.support.waiting import WAITING, wait_for_rows


def portions(told: Sequence[Row], chance: random.Random, disorder: float) -> list[list[Row]]:
    """The rows in loads of random size; some rows come some loads later than they were said."""
    loads: list[list[Row]] = []
    for row in told:
        if not loads or chance.random() < 0.08:
            loads.append([])
        loads[-1].append(row)
    for number, load in enumerate(loads):
        for row in [*load]:
            if chance.random() < disorder:
                load.remove(row)
                loads[min(len(loads) - 1, number + chance.randint(1, 5))].append(row)
    return [load for load in loads if load]


@pytest.mark.parametrize("seed", range(tries(3)))
def test_every_load_leaves_the_rows_of_a_remake(head: Engine, seed: int) -> None:
    """In order, out of order, with doubled ids, moved starts, and one to three workers."""
    chance = random.Random(seed)
    told = Feed(seed).rows()
    with ExitStack() as stack:
        workers = promoter(stack, head, workers=1 + seed % 3, rows=chance.choice((20, 2000)))
        for load in portions(told, chance, disorder=(0, 0.02, 0.2)[seed % 3]):
            store(head, load)
            workers.drain()
            if chance.random() < 0.2:
                assert_equal_to_remake(head)
    assert_equal_to_remake(head)


def test_promotions_side_by_side_with_loads(head: Engine) -> None:
    """Four processes' worth of sessions, each promoting what it finds while rows come in."""
    told = Feed(1).rows()
    done = threading.Event()

    def work() -> None:
        with ExitStack() as stack:
            worker = promoter(stack, head)
            while not done.is_set():
                worker.drain()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for load in portions(told, random.Random(1), disorder=0.01):
        store(head, load)
    done.set()
    for thread in threads:
        thread.join()
    promote(head.url)
    assert rows(head, "SELECT * FROM staging.curation_queue") == []
    assert_equal_to_remake(head)


def test_a_poll_in_order_is_appended_and_queues_nothing(head: Engine) -> None:
    """Without this, the tests of equality would compare one remake with another."""
    run(head, "CREATE TABLE public.queued (game_id bigint)",
        "CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO public.queued VALUES (NEW.game_id); RETURN NEW; END $$",
        "CREATE TRIGGER note AFTER INSERT ON staging.curation_queue FOR EACH ROW"
        " EXECUTE FUNCTION public.note()")  # fmt: skip
    with ExitStack() as stack:
        worker = promoter(stack, head)
        for poll in polls(12):
            store(head, poll)
            worker.drain()
        assert rows(head, "SELECT * FROM public.queued") == []
        assert value(head, "SELECT count(*) FROM curated.line_movements") > 0
        late = next(polls(1, begin=-5))
        store(head, late)
        worker.drain()
    assert value(head, "SELECT count(DISTINCT game_id) FROM public.queued") == 3
    assert_equal_to_remake(head)


def test_lines_close_when_the_start_passes_and_nothing_is_loaded(head: Engine) -> None:
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=4)
    with head.connect() as connection:
        feeds.store(connection, [
            feeds.odds_row(at=soon - minutes * MINUTE, start=soon, prices=prices, book=book)
            for book in BOOKS
            for minutes, prices in ((9, (1.8, 2.1)), (6, (1.9, 2.0)), (3, (1.7, 2.2)))
        ])  # fmt: skip
    promote(head.url)
    closing = "SELECT count(*) FROM curated.betting_lines_unified WHERE is_closing"
    closed_early = value(head, closing), value(head, "SELECT count(*) FROM curated.ml_features")
    queue = "SELECT count(*) FROM staging.closing_queue"
    assert (closed_early, value(head, queue)) == ((0, 0), 1), "the start passed before it was asked"
    time.sleep(max(0, (soon - dt.datetime.now(dt.UTC)).total_seconds()) + 1)
    promote(head.url)
    assert (value(head, closing), value(head, queue)) == (2 * len(BOOKS), 0)
    assert value(head, "SELECT steam_moves FROM curated.ml_features") > 0
    assert_equal_to_remake(head)


def test_a_result_makes_the_game_ready_without_a_remake(head: Engine) -> None:
    start = dt.datetime.now(dt.UTC).replace(microsecond=0) - 200 * MINUTE
    with head.connect() as connection:
        feeds.store(connection, [feeds.odds_row(at=start - 9 * MINUTE, start=start)])
    promote(head.url)
    lines = "SELECT max(updated_at) FROM curated.betting_lines_unified"
    before = value(head, lines)
    result = {
        "id": "g1", "start_time": start.isoformat(), "status": "complete", "home_team_id": 1,
        "away_team_id": 2, "boxscore": {"total_home_points": 3, "total_away_points": 2},
        "teams": [{"id": 1, "full_name": "Boston Red Sox"},
                  {"id": 2, "full_name": "New York Yankees"}],
    }  # fmt: skip
    store(head, [Row("action_network_games", {
        "external_game_id": "a1", "collected_at": start + 190 * MINUTE,
        "payload": json.dumps(result)})])  # fmt: skip
    promote(head.url)
    found = rows(head, "SELECT status, home_score, is_ml_ready FROM curated.enhanced_games")
    assert found == [("final", 3, True)]
    assert value(head, lines) == before
    assert_equal_to_remake(head)


def test_a_killed_poll_leaves_nothing_and_is_promoted_again(head: Engine) -> None:
    """The session is ended while its lines are written and its moves wait for a lock."""
    first, second = itertools.islice(polls(2), 2)
    with ExitStack() as stack:
        store(head, first)
        promoter(stack, head).drain()
    store(head, second)
    ended: list[DBAPIError] = []

    def doomed() -> None:
        try:
            promote(head.url)
        except DBAPIError as error:
            ended.append(error)

    with head.connect() as holder:
        holder.exec_driver_sql("LOCK TABLE curated.line_movements IN ACCESS EXCLUSIVE MODE")
        before = picture(head)
        thread = threading.Thread(target=doomed)
        thread.start()
        wait_for_rows(head, WAITING)
        rows(head, f"SELECT pg_terminate_backend(pid) FROM ({WAITING}) AS waiting")
        thread.join()
        holder.rollback()
    assert len(ended) == 1, "it was not ended inside of its batch"
    assert picture(head) == before
    promote(head.url)
    assert picture(head) != before
    assert_equal_to_remake(head)


def picture(engine: Engine) -> list[tuple[Any, ...]]:
    """What a poll writes: hot rows, quotes in staging, and how long the lines stood."""
    return rows(engine, """
        SELECT (SELECT count(*) FROM raw_data.odds_api_odds WHERE processed_at IS NULL),
            (SELECT count(*) FROM staging.betting_odds_unified),
            (SELECT string_agg(last_seen_at::text, ' ' ORDER BY line_id)
             FROM curated.betting_lines_unified)
    """)  # fmt: skip


def test_who_curates_waits_for_a_game_that_is_being_staged(head: Engine) -> None:
    """A game that was queued before is not taken out by another session before the commit."""
    store(head, next(polls(1)))
    with ExitStack() as stack:
        one = promoter(stack, head, rows=1)
        with one.sessions[0].begin():
            run(head, "INSERT INTO staging.curation_queue (game_id) VALUES (1)")
            one.sessions[0].exec_driver_sql(
                "SELECT FROM staging.curation_queue WHERE game_id = 1 FOR KEY SHARE"
            )
            promoter(stack, head).drain()
            assert (1,) in rows(head, "SELECT game_id FROM staging.curation_queue")


def test_a_late_quote_makes_its_own_path_again_and_no_other(head: Engine) -> None:
    """The quotes of the others are not read: their lines stay, though staging lost them."""
    with ExitStack() as stack:
        worker = promoter(stack, head)
        for poll in polls(12):
            store(head, poll)
            worker.drain()
        whole = "SELECT {} FROM curated.betting_lines_unified WHERE sportsbook_id IN {} GROUP BY 1"
        counted = "source, count(*), sum(quote_count)"
        late = [row for row in next(polls(1, begin=-5)) if row.values["sportsbook_key"] == BOOKS[0]]
        (book,) = rows(head, "SELECT sportsbook_id FROM staging.sportsbook_aliases"
                             f" WHERE source = 'odds_api' AND alias = '{BOOKS[0]}'")[0]  # fmt: skip
        others = "(SELECT sportsbook_id FROM curated.sportsbooks EXCEPT VALUES ({}::bigint))"
        before = rows(head, whole.format(counted, others.format(book)))
        run(head, f"DELETE FROM staging.betting_odds_unified WHERE sportsbook_id <> {book}")
        store(head, late[:1])
        worker.drain()
        assert rows(head, "SELECT * FROM staging.curation_queue") == []
    assert rows(head, whole.format(counted, others.format(book))) == before
    (_, _, quotes), = rows(head, whole.format(counted, f"({book})"))  # fmt: skip
    assert quotes == 2 * (3 * 12 + 1)
    first = "SELECT count(*) FROM curated.betting_lines_unified WHERE first_seen_at = '{}'"
    assert value(head, first.format(late[0].values["collected_at"])) == 2


@pytest.mark.parametrize(
    ("all_change", "workers", "others"),
    [(False, 1, ()), (True, 2, ()), (False, 1, ("a book of none", "another"))],
    ids=["calm", "all change, games divided among two", "rejected records in each poll"],
)
def test_a_poll_touches_as_few_rows_however_long_the_history(
    head: Engine, all_change: bool, workers: int, others: tuple[str, ...]
) -> None:
    """Rows and index entries read and written by a promotion at poll 20 and at poll 200.

    Nothing is vacuumed, and statistics are of a moment when the newest rows were hot.
    """
    every = list(polls(202, all_change=all_change, others=others))
    effort = {}
    with ExitStack() as stack:
        worker = promoter(stack, head, workers)
        done = 0
        for mark in (20, 200):
            for number in range(done, mark, 10):
                store(head, itertools.chain(*every[number : min(number + 10, mark)]))
                if mark - number <= 10:
                    run(head, "ANALYZE")
                worker.drain()
            store(head, every[mark])
            worker.drain()  # the first one finds what the history has left
            store(head, every[mark + 1])
            before = touched(head, worker)
            worker.drain()
            effort[mark] = touched(head, worker) - before
            done = mark + 2
        assert effort[200] < 1.3 * effort[20], effort
        with head.begin() as connection:
            queue_games(connection)
        start = touched(head, worker)
        worker.drain()
        assert touched(head, worker) - start > 3 * effort[200], "a remake does not show"


def touched(engine: Engine, worker: Any) -> int:
    """Rows and index entries that were read, and rows that were written, since the beginning."""
    for session in worker.sessions:
        session.exec_driver_sql("SELECT pg_stat_force_next_flush()")
        session.rollback()
    return int(value(engine, """
        SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0) + n_tup_ins + n_tup_upd + n_tup_del)
            + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes
               WHERE schemaname IN ('raw_data', 'staging', 'curated'))
        FROM pg_stat_user_tables WHERE schemaname IN ('raw_data', 'staging', 'curated')
    """))  # fmt: skip


def test_a_remake_of_a_game_that_does_not_exist_is_refused(head: Engine) -> None:
    with head.begin() as connection, pytest.raises(ConfigurationError, match="no game 7, 9"):
        queue_games(connection, [9, 7])
