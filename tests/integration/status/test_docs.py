"""docs/monitoring.md names what there is."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.support.sql import rows


def test_every_view_and_function_is_described(watched: Engine, pytestconfig: pytest.Config) -> None:
    text = (pytestconfig.rootpath / "docs" / "monitoring.md").read_text(encoding="utf-8")
    views = rows(
        watched,
        "SELECT relname FROM pg_class WHERE relkind = 'v'"
        " AND relnamespace = 'performance_monitoring'::regnamespace ORDER BY 1",
    )
    functions = rows(
        watched,
        "SELECT p.proname, array_to_string(p.proargnames[1:p.pronargs], ', ')"
        " FROM pg_proc AS p WHERE p.pronamespace = 'performance_monitoring'::regnamespace"
        " ORDER BY 1",
    )
    assert [name for (name,) in views if f"### {name}\n" not in text] == []
    signatures = [f"{name}({arguments or ''})" for name, arguments in functions]
    assert [signature for signature in signatures if signature not in text] == []


def test_every_probe_is_named(pytestconfig: pytest.Config) -> None:
    from mlb_perf.monitor.cluster import CLUSTER
    from mlb_perf.monitor.probes import PROBES

    text = (pytestconfig.rootpath / "docs" / "monitoring.md").read_text(encoding="utf-8")
    probes = (*PROBES, CLUSTER)
    assert [probe.name for probe in probes if f"`{probe.name}`" not in text] == []


def test_every_finding_has_a_way_out(pytestconfig: pytest.Config) -> None:
    from mlb_perf.monitor.cluster import CLUSTER
    from mlb_perf.monitor.probes import PROBES

    text = (pytestconfig.rootpath / "docs" / "operations.md").read_text(encoding="utf-8")
    names = [*(probe.name for probe in PROBES), CLUSTER.name, "disk", "revision"]
    assert [name for name in names if f"\n| `{name}` | " not in text] == []
