"""The comparison of saved responses with a data set: the same rows agree, others do not."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from mlb_perf.bench.measure import realism
from mlb_perf.cli.app import app
from mlb_perf.pipeline.load.ingest import ingest, read_file
from mlb_perf.pipeline.sample import ODDS


@pytest.fixture
def loaded(head: Engine) -> Engine:
    """A database whose rows are those of the file."""
    ingest(head, read_file(ODDS))
    return head


def differing(engine: Engine) -> list[str]:
    (table,) = realism.measure(engine.url, file=ODDS).tables
    assert len(table.rows) > 20
    return [name for name, saved, stored in table.rows if saved != stored]


def test_the_same_rows_have_the_same_figures(loaded: Engine) -> None:
    with loaded.connect() as connection:
        real = realism.figures_of(realism.saved(ODDS))
        stored = realism.figures_of(realism.stored(connection))
    assert sorted(real.hours_ahead) == sorted(stored.hours_ahead)
    assert real.books == stored.books
    # jsonb writes a number and a space in its own way; the values are the same.
    assert [name for name in differing(loaded) if "payload" not in name] == []


def test_other_prices_are_seen(loaded: Engine) -> None:
    """Of one book the moneyline pays ten percent more: its overround is another, and no other's."""
    with loaded.begin() as connection:
        changed = connection.exec_driver_sql(
            "UPDATE raw_data.odds_api_odds SET payload = replace(payload::text,"
            " '\"price\": 1.', '\"price\": 2.')::jsonb WHERE sportsbook_key = 'betmgm'"
        )
        assert changed.rowcount > 0
    seen = [name for name in differing(loaded) if name.endswith("overround")]
    assert seen
    assert {name.split()[0] for name in seen} == {"betmgm"}


def test_a_file_that_is_not_there_is_refused() -> None:
    result = CliRunner().invoke(app, ["bench", "realism", "/nowhere/odds.jsonl"])
    assert result.exit_code == 2
    assert "does not exist" in result.output
