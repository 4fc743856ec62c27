"""A row for which there is no partition: its month is made, or named, and nothing is lost."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from mlb_perf.errors import LoadFailed
from mlb_perf.months import month_after, month_of
from mlb_perf.partitions import ensure
from mlb_perf.pipeline.load.ingest import ingest, read_response
from mlb_perf.pipeline.promote import promote, retry_rejected
from mlb_perf.settings import MONTHS_AHEAD_VARIABLE
from tests.integration.pipeline.feeds import odds_row, store
from tests.support.sql import rows, run

ODDS = "raw_data.odds_api_odds"
LINES = "curated.betting_lines_unified"
LEAVES = (
    "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass(:table)"
    " ORDER BY 1"
)
LOG = "SELECT status, error_sqlstate FROM operational.pipeline_execution_log ORDER BY execution_id"


def partition(engine: Engine, table: str, column: str, key: str) -> None:
    """The table by month, without a single partition."""
    schema, name = table.split(".")
    run(
        engine,
        f"CREATE TABLE {schema}.fresh (LIKE {table} INCLUDING DEFAULTS)"
        f" PARTITION BY RANGE ({column})",
        f"ALTER TABLE {schema}.fresh ADD PRIMARY KEY ({key})",
    )
    for (sequence,) in rows(
        engine,
        "SELECT objid::regclass::text FROM pg_depend WHERE refobjid = to_regclass(:table)"
        " AND deptype = 'a' AND objid IN (SELECT oid FROM pg_class WHERE relkind = 'S')",
        table=table,
    ):
        run(engine, f"ALTER SEQUENCE {sequence} OWNED BY NONE")
    run(engine, f"DROP TABLE {table} CASCADE", f"ALTER TABLE {schema}.fresh RENAME TO {name}")


@pytest.fixture
def months(head: Engine) -> Engine:
    partition(head, ODDS, "collected_at", "external_game_id, sportsbook_key, collected_at")
    return head


def response(game: int, *moments: str) -> str:
    books = [
        f'{{"key": "b{n}", "last_update": "{moment}", "markets": []}}'
        for n, moment in enumerate(moments)
    ]
    return (
        f'[{{"id": "g{game}", "commence_time": "2026-07-01T17:00:00Z", "sport_key": "",'
        f' "bookmakers": [{", ".join(books)}]}}]'
    )


def contents(engine: Engine) -> list[tuple[str, str]]:
    query = (
        "SELECT tableoid::regclass::text, external_game_id || ' ' || sportsbook_key"
        f" FROM {ODDS} ORDER BY 1, 2"
    )
    return [(leaf, row) for leaf, row in rows(engine, query)]


def test_the_loader_makes_the_months_of_a_batch(months: Engine) -> None:
    """Those of its rows and no others, by UTC; then what is there is found there."""
    items = list(
        read_response(
            response(
                1, "2026-05-31T23:59:59Z", "2026-06-01T00:00:00Z", "2026-09-30T20:00:00-04:00"
            ),
            "odds_api",
        )
    )
    assert ingest(months, items).loaded == 3
    expected = [f"{ODDS}_2026_05", f"{ODDS}_2026_06", f"{ODDS}_2026_10"]
    assert contents(months) == [(leaf, f"g1 b{n}") for n, leaf in enumerate(expected)]
    again = ingest(months, items)
    assert (again.loaded, again.already_there) == (0, 3)
    assert [leaf for (leaf,) in rows(months, LEAVES, table=ODDS)] == expected


def test_in_a_transaction_of_the_callers_own(months: Engine) -> None:
    """Rolled back, the month goes with the rows."""
    items = list(read_response(response(1, "2026-06-01T00:00:00Z"), "odds_api"))
    with months.connect() as connection:
        assert ingest(connection, items).loaded == 1
        connection.rollback()
    assert rows(months, LEAVES, table=ODDS) == []
    with months.begin() as connection:
        assert ingest(connection, items, strict=True).loaded == 1
    assert contents(months) == [(f"{ODDS}_2026_06", "g1 b0")]


def test_loaders_at_once(months: Engine) -> None:
    """Each row once, each month once, whoever came first."""
    moments = [f"2026-{month:02d}-15T12:00:00Z" for month in range(3, 9)]
    items = [item for g in range(40) for item in read_response(response(g, *moments), "odds_api")]
    errors: list[BaseException] = []

    def load(these: list[Any]) -> None:
        try:
            ingest(months, these, batch_rows=30)
        except BaseException as error:
            errors.append(error)

    threads = [
        threading.Thread(target=load, args=(these,))
        for these in (items, items[::-1], items[::2] + items[1::2])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(contents(months)) == len(items)
    assert len(rows(months, LEAVES, table=ODDS)) == 6


def test_a_month_too_far_ahead(months: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rows are malformed by themselves, with the month's name; once it may be, they load."""
    monkeypatch.setenv(MONTHS_AHEAD_VARIABLE, "3")
    far = month_after(month_of(dt.datetime.now(dt.UTC)), 4)
    items = list(read_response(response(1, "2026-06-01T00:00:00Z", f"{far}T00:00:00Z"), "odds_api"))
    report = ingest(months, items)
    (problem,) = report.malformed
    assert problem.reason.startswith(
        f"no partition of {ODDS} takes {far:%Y-%m}: no month more than 3 months ahead"
    )
    assert (report.loaded, problem.origin) == (1, "odds_api:1")
    assert contents(months) == [(f"{ODDS}_2026_06", "g1 b0")]
    with pytest.raises(LoadFailed, match=f"{far:%Y-%m}"):
        ingest(months, items, strict=True)
    monkeypatch.setenv(MONTHS_AHEAD_VARIABLE, "4")
    again = ingest(months, items)
    assert (again.loaded, again.already_there, again.malformed) == (1, 1, [])
    assert [status for status, _ in rows(months, LOG)] == ["succeeded", "failed", "succeeded"]


def test_a_month_that_is_not_kept(months: Engine) -> None:
    """Retention would take it away again."""
    run(
        months,
        "UPDATE performance_monitoring.partition_policies SET retain_months = 6"
        " WHERE table_name = 'odds_api_odds'",
    )
    items = list(read_response(response(1, "2019-06-01T00:00:00Z"), "odds_api"))
    (problem,) = ingest(months, items).malformed
    assert "2019-06: its policy keeps 6 months: raise retain_months" in problem.reason
    run(months, f"CREATE TABLE raw_data.all_of_2019 PARTITION OF {ODDS} FOR VALUES"
                " FROM ('2019-01-01 00:00+00') TO ('2020-01-01 00:00+00')")  # fmt: skip
    assert ingest(months, items).loaded == 1


def test_a_role_that_may_not_make_it(months: Engine) -> None:
    """The error names the command for the owner."""
    role = f"loader_of_{months.url.database}"
    schemas = "raw_data, staging, operational, performance_monitoring"
    run(
        months,
        f'CREATE ROLE "{role}"',
        f'GRANT USAGE ON SCHEMA {schemas} TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA {schemas} TO "{role}"',
        f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schemas} TO "{role}"',
    )
    # The role's own connection would need a password; this one is as good.
    options = {"options": f"-c role={role}"}
    engine = create_engine(months.url, poolclass=NullPool, connect_args=options)
    try:
        items = list(read_response(response(1, "2026-06-01T00:00:00Z"), "odds_api"))
        with pytest.raises(LoadFailed) as caught:
            ingest(engine, items)
        assert "42501" in str(caught.value)
        assert str(caught.value).endswith(
            f"mlb-perf partitions apply {ODDS} --from 2026-06 --to 2026-06"
        )
    finally:
        run(months, f'DROP OWNED BY "{role}"', f'DROP ROLE "{role}"')


def test_a_check_is_no_missing_month(months: Engine) -> None:
    """23514 of a CHECK is about the record, which is kept apart; no month is made for it."""
    items = list(read_response(response(1, "2026-06-01T00:00:00Z"), "odds_api"))
    assert ingest(months, items).loaded == 1
    run(months, f"ALTER TABLE {ODDS} ADD CONSTRAINT no_g2 CHECK (external_game_id <> 'g2')")
    report = ingest(months, read_response(response(2, "2026-06-02T00:00:00Z"), "odds_api"))
    (problem,) = report.malformed
    assert 'violates check constraint "no_g2"' in problem.reason
    assert len(rows(months, LEAVES, table=ODDS)) == 1


KEY = "game_id, game_date, sportsbook_id, market_type, side, source, first_seen_at"


def test_promotion_makes_the_months_of_curated_tables(head: Engine) -> None:
    """The same lines as in a plain table, in the months of their games."""
    store_raw(head, some_odds())
    partition(head, LINES, "game_date", KEY)
    assert promote(head.url).games == 3
    per_month = f"SELECT tableoid::regclass::text, count(*) FROM {LINES} GROUP BY 1 ORDER BY 1"
    found = rows(head, per_month)
    assert found == [(f"{LINES}_2026_06", 2), (f"{LINES}_2026_07", 2), (f"{LINES}_2026_09", 2)]
    assert rows(head, "SELECT count(*) FROM staging.rejected_records") == [(0,)]
    assert rows(head, LOG) == [("succeeded", None)]


PARKED = "SELECT game_id, reason FROM performance_monitoring.parked_games"


def test_a_game_of_a_month_that_may_not_be_made_is_parked(
    head: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are curated; once the bound is raised, a retry does it."""
    monkeypatch.setenv(MONTHS_AHEAD_VARIABLE, "0")
    ahead = dt.datetime.now(dt.UTC) + dt.timedelta(days=70)
    store_raw(head, [odds_row("g9", start=ahead), *some_odds()[1:2]])
    partition(head, LINES, "game_date", KEY)
    report = promote(head.url)
    assert (report.games, report.parked) == (1, 1)
    ((_, reason),) = rows(head, PARKED)
    assert reason.startswith(f"no partition of {LINES} takes {ahead:%Y-%m}")
    assert rows(head, f"SELECT count(*) FROM {LINES}") == [(2,)]
    assert promote(head.url).parked == 0  # nothing new: it is left alone
    monkeypatch.delenv(MONTHS_AHEAD_VARIABLE)
    with head.begin() as connection:
        retry_rejected(connection)
    promote(head.url)
    assert rows(head, f"SELECT count(*) FROM {LINES}") == [(4,)]
    assert rows(head, PARKED) == []


def test_an_error_that_its_month_does_not_fix(head: Engine) -> None:
    """A trigger that raises the same SQLSTATE makes no month and no endless loop."""
    store_raw(head, [odds_row("g1")])
    run(
        head,
        "CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'no such thing' USING ERRCODE = '23514', TABLE = 'betting_lines_unified',"
        " SCHEMA = 'curated', DETAIL = '(game_date) = (2026-07-20)'; END $$",
        f"CREATE TRIGGER refuse BEFORE INSERT ON {LINES} EXECUTE FUNCTION public.refuse()",
    )
    assert promote(head.url).parked == 1
    ((_, reason),) = rows(head, PARKED)
    assert reason.startswith("no such thing")


def store_raw(engine: Engine, odds: list[Any]) -> None:
    """Raw rows whose months are there, so that the curated tables alone lack some."""
    with engine.begin() as connection:
        for _, _, moment, _ in odds:
            at = dt.datetime.fromisoformat(moment)
            ensure(connection, ODDS, at, at)
    with engine.begin() as connection:
        store(connection, odds)


def some_odds() -> list[Any]:
    """Three games in three months; the last starts in the evening of the last of August, UTC-4."""
    starts = ("2026-06-30T23:00:00+00:00", "2026-07-20T23:05:00+00:00", "2026-09-01T17:00:00+00:00")
    teams = (("Boston Red Sox", "New York Yankees"), ("Chicago Cubs", "St. Louis Cardinals"),
             ("Houston Astros", "Texas Rangers"))  # fmt: skip
    return [
        odds_row(
            f"g{number}", home=home, away=away, start=(start := dt.datetime.fromisoformat(text)),
            at=start - dt.timedelta(hours=5),
        )
        for number, (text, (home, away)) in enumerate(zip(starts, teams, strict=True))
    ]  # fmt: skip
