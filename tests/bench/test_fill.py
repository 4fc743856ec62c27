"""The measurement of fillfactors: what is counted is what the sample writes."""

from __future__ import annotations

from sqlalchemy import Engine, text

from mlb_perf.bench.fill import TABLE, measure


def test_lines_are_counted_and_the_partitions_are_set(head: Engine) -> None:
    found = measure(head, 80, responses=4)
    with head.connect() as connection:
        lines = connection.scalars(text(f"SELECT count(*) FROM {TABLE}")).one()
        settings = connection.scalars(
            text(
                "SELECT DISTINCT reloptions::text FROM pg_class JOIN pg_partition_tree(:table)"
                " ON relid = oid WHERE isleaf"
            ),
            {"table": TABLE},
        ).all()
    assert settings == ["{fillfactor=80}"]
    assert found.inserted >= lines > 0
    assert 0 <= found.hot < found.updated
    assert f"{found.inserted:,} inserted" in found.line()
