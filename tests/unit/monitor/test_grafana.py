"""The dashboard and the alert rules name figures and labels that the exporter has."""

from __future__ import annotations

import datetime as dt
import json
import re
from itertools import combinations
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from mlb_perf.monitor import Facts, Report
from mlb_perf.monitor.formats.prometheus import PREFIX, exposition
from mlb_perf.monitor.probes import PROBES
from mlb_perf.monitor.report import Answer
from tests.support.command_line import invoke

FROM_PROMETHEUS = {"instance", "job"}
_NAME = re.compile(rf"\b{PREFIX}\w+")
_LABELS = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"|\bby \(([\w, ]+)\)")
_SHOWN = re.compile(r"\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}")


def _exported() -> dict[str, set[str]]:
    """The labels of each figure: of the report, and of each probe."""
    facts = Facts("", "d", "r", "18.6", "1", "1", dt.datetime.now(dt.UTC))
    report = Report(facts, [Answer(PROBES[0], [], [], 0.0)])
    names = {
        sample.name: set(sample.labels)
        for family in text_string_to_metric_families(exposition(report))
        for sample in family.samples
    }
    probed = {PREFIX + m.name: set(m.labels) for probe in PROBES for m in probe.metrics}
    return names | probed


EXPORTED = _exported()


def _wrong(expression: str, shown: str) -> set[str]:
    """Names that the exporter lacks, and labels that none of the named figures has."""
    named = set(_NAME.findall(expression))
    labels = {
        part
        for found in _LABELS.findall(expression)
        for part in re.findall(r"\w+", " ".join(found))
    }
    have = FROM_PROMETHEUS.union(*(EXPORTED.get(name, set()) for name in named))
    return named - EXPORTED.keys() | (labels | set(_SHOWN.findall(shown))) - have


def _dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(invoke("grafana").stdout)
    return found


def test_names_of_the_dashboard() -> None:
    targets = [target for panel in _dashboard()["panels"] for target in panel["targets"]]
    assert len(targets) > 30
    for target in targets:
        assert _NAME.search(target["expr"])
        assert _wrong(target["expr"], target["legendFormat"]) == set(), target


def test_names_of_the_alert_rules() -> None:
    rules = re.split(r"- alert: ", invoke("grafana", "--rules").stdout)[1:]
    assert [rule.split()[0] for rule in rules] == [
        "MlbPerfCritical", "MlbPerfWarning", "MlbPerfProbeFailed", "MlbPerfOld", "MlbPerfAbsent",
    ]  # fmt: skip
    for rule in rules:
        found = re.search(r"expr: (.*)", rule)
        assert found
        shown = rule.replace("{{ $value }}", "").replace("{{ $value | humanizeDuration }}", "")
        assert _wrong(found[1], shown) == set(), rule


@pytest.mark.parametrize(
    ("expression", "shown", "wrong"),
    [
        ("sum(mlb_perf_gone)", "", {"mlb_perf_gone"}),
        ('mlb_perf_findings{stage="load"}', "", {"stage"}),
        ("sum by (probe, stage) (mlb_perf_findings)", "{{raw_table}}", {"stage", "raw_table"}),
        ("mlb_perf_hot_rows", "{{raw_table}} {{ $labels.instance }}", set()),
    ],
)
def test_a_wrong_name_is_found(expression: str, shown: str, wrong: set[str]) -> None:
    assert _wrong(expression, shown) == wrong


def test_panels_cover_no_other() -> None:
    panels = _dashboard()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for one, other in combinations([panel["gridPos"] for panel in panels], 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or above, (one, other)
        assert one["x"] + one["w"] <= 24
