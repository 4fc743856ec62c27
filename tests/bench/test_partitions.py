"""The measurement of partitions: its figures, a month that is not as it must be, old schemas."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from mlb_perf.bench.database import engine_of
from mlb_perf.bench.found import Found
from mlb_perf.bench.measure import partitions
from mlb_perf.bench.measurements import ALONE
from mlb_perf.engine import connect
from mlb_perf.errors import ConfigurationError
from tests.bench import made

ROWS = 200


def judged(found: Found) -> dict[str, tuple[str, bool | None]]:
    return made.judged("partitions", found)


def schemas(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'mlb_perf_bench%%'"
        )
        return list(found.scalars())


def test_each_step_is_timed_and_nothing_is_left(head: Engine) -> None:
    found = partitions.measure(head.url, rows=ROWS, rounds=2)
    times, ratios = found.tables
    steps = [row[0] for row in times.rows]
    assert {partitions.DELETE, partitions.DETACH, partitions.DROP, partitions.FILES} <= set(steps)
    assert all(0 < float(median) <= float(longest) for _, median, longest in times.rows)
    assert [row[0] for row in ratios.rows] == list(partitions.RATIOS)
    assert found.lines[0].startswith(f"60 months, {ROWS:,} rows and ")
    assert schemas(head) == []
    assert judged(found)[partitions.MISPLACED] == ("0", True)


def test_a_ratio_is_of_the_medians_of_its_steps() -> None:
    figures = partitions.Figures(ROWS)
    for kind, spent in (
        (partitions.DELETE, 100.0), (partitions.VACUUM, 60.0), (partitions.DETACH, 2.0),
        (partitions.DROP, 6.0), (partitions.DELETE_DAILY, 120.0), (partitions.VACUUM_DAILY, 40.0),
    ):  # fmt: skip
        figures.times[kind] = [spent, spent, 99_999.0]
    value = partitions.found_of(figures)
    assert [row[1] for row in value.tables[1].rows] == ["50", "60", "12", "20", "20"]
    assert [met for _, met in judged(value).values()] == [
        True, True, False, True, True, True,
    ]  # fmt: skip


def test_a_month_that_keeps_its_rows_is_reported(head: Engine) -> None:
    """DELETE is made to do nothing: it is fast then, and the comparison worth nothing."""

    def meddle(line: str) -> None:
        if line == "partitions, round 1 of 1":
            with connect(engine_of(head.url)) as connection:
                connection.exec_driver_sql(
                    f"CREATE FUNCTION {partitions.SCHEMA}.keep() RETURNS trigger LANGUAGE plpgsql"
                    " AS 'BEGIN RETURN NULL; END'"
                )
                connection.exec_driver_sql(
                    f"CREATE TRIGGER keep BEFORE DELETE ON {partitions.TABLE}"
                    f" FOR EACH ROW EXECUTE FUNCTION {partitions.SCHEMA}.keep()"
                )

    found = partitions.measure(head.url, meddle, rows=ROWS, rounds=1)
    # Two months are deleted from, the third and fourth are detached with their rows.
    assert judged(found)[partitions.MISPLACED] == (f"{2 * ROWS}", False)
    assert schemas(head) == []


@pytest.mark.parametrize("measurement", ["partitions", "monitoring"])
def test_a_database_that_is_not_at_head_is_refused(empty: Engine, measurement: str) -> None:
    said = rf"has no revision of mlb_perf, and mlb-perf bench {measurement} .*alembic upgrade head"
    with pytest.raises(ConfigurationError, match=said):
        ALONE[measurement](empty.url)
    assert schemas(empty) == []
