"""Targets against other sides: pace, pages, generic plans and lookups a second."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from mlb_perf.bench.document import Case, Document, Run
from mlb_perf.bench.judge.known import MORE_PAGES, WORSE_AS_GENERIC
from mlb_perf.bench.judge.sides import headlines, times_as_fast
from mlb_perf.bench.judge.targets import verdicts
from mlb_perf.queries import CATALOGUE
from tests.bench import made

LINE, BOARD = "line_as_of", "board_of_day"
PAGES = "questions that read more pages, of the same values"
GENERIC = "questions whose generic plan reads more pages than that for the values"


def sides(before: float = 1.3, revision: str = "0007", **of_after: Any) -> Document:
    """Two sides; ``of_after`` changes the question ``line_as_of`` after the upgrade."""
    first = dataclasses.replace(made.run("before", factor=before), revision=revision)
    value = made.document(first, made.run("after"))
    return value if not of_after else made.with_case(value, changed(value.runs[1], **of_after))


def changed(run: Run, factor: float = 1.0, **values: Any) -> Case:
    (case,) = (case for case in run.latency if case.name == LINE)
    samples = [factor * ms for ms in case.samples_ms]
    return dataclasses.replace(case, samples_ms=samples, **values)


def judged(value: Document, part: str) -> dict[str, tuple[str, bool | None]]:
    return {v.name: (v.got, v.met) for v in verdicts(value) if v.part == part}


def test_each_question_and_their_mean_against_the_baseline() -> None:
    found = judged(sides(), "against the baseline (0007)")
    assert found["each question"] == (f"from {BOARD} 1.30", True)
    assert found["geometric mean of all questions"] == ("1.30", True)
    slow = judged(sides(factor=1.5), "against the baseline (0007)")
    assert slow["each question"] == (f"1 below: {LINE} 0.87", False)
    assert slow["geometric mean of all questions"] == ("1.06", False)


def test_a_question_with_two_kinds_of_values_is_compared_by_its_pairs() -> None:
    """Half of the values take three times as long, one value more of them in the second run."""
    old, new = (dataclasses.replace(made.case(LINE, 1.0), cpu_ms=[]) for _ in range(2))
    first, second = [1.0] * 51 + [3.0] * 50, [1.0] * 50 + [1.1] + [3.0] * 50
    pairs = dataclasses.replace(old, samples_ms=first), dataclasses.replace(new, samples_ms=second)
    assert times_as_fast(*pairs) == 1
    fewer = dataclasses.replace(new, samples_ms=second[10:])  # it had had its time
    assert times_as_fast(pairs[0], fewer) == pytest.approx(1 / 3)


def test_phase_1_has_another_mean_and_other_revisions_no_target() -> None:
    found = judged(sides(1.01, "0019"), "against phase 1 (0019)")
    assert found["geometric mean of all questions"] == ("1.01", True)
    assert not [v for v in verdicts(sides(1.01, "0020")) if v.part.startswith("against")]


def test_questions_about_months_may_take_a_little_longer() -> None:
    by_month = {"partitions": 2, "pages": 3}
    for factor, got, met in (
        (1.45, f"from {LINE} 0.90", True),
        (1.7, f"1 below: {LINE} 0.76", False),
    ):
        found = judged(sides(factor=factor, details=by_month), "against the baseline (0007)")
        assert found["each question"] == (f"from {BOARD} 1.30", True)
        assert found["each question about months"] == (got, met)


def test_a_question_that_only_waited_is_not_below() -> None:
    value = sides(factor=1.5, cpu_ms=[0.1] * 100, reference_cpu_ms=[0.05] * 100)
    before = changed(value.runs[0], cpu_ms=[0.1] * 100, reference_cpu_ms=[0.05] * 100)
    found = judged(made.with_case(value, before, "before"), "against the baseline (0007)")
    assert found["each question"] == (f"from {LINE} 0.87", True)


def test_the_probe_counts_only_for_the_side_that_took_no_turns() -> None:
    """What the probe took beside one side does not change the ratio of two that took turns."""
    slower = made.with_case(sides(), changed(sides().runs[1], reference_ms=[0.4] * 100))
    keys = dataclasses.replace(made.run("keys", factor=50), revision="0026", storage=[])
    paces = [
        {pace.name: round(pace.times, 1) for pace in one.paces}
        for one in headlines(dataclasses.replace(slower, runs=[*slower.runs, keys]))
    ]
    probe = made.run("keys").latency[0].reference_ms[0]
    assert paces == [{LINE: round(50 * 0.4 / probe, 1), BOARD: 50.0}, {LINE: 1.3, BOARD: 1.3}]


def test_the_keys_alone_are_a_headline_without_a_target() -> None:
    value = sides()
    keys = dataclasses.replace(made.run("keys", factor=50), revision="0026", storage=[])
    (case,) = (case for case in keys.latency if case.name == BOARD)
    over = dataclasses.replace(case, samples_ms=[600.0] * 3, reference_ms=[0.1] * 3, limit_ms=500)
    keys.latency[1] = over
    value = dataclasses.replace(value, runs=[*value.runs, keys])
    first, second = headlines(value)
    assert first.worth == "what indexes are worth at all"
    assert [str(pace) for pace in first.paces] == [f"{LINE} 50", f"{BOARD} over 118"]
    assert (first.is_bound, second.is_bound) == (True, False)
    assert [v.part for v in verdicts(value)] == [v.part for v in verdicts(sides())]


@pytest.mark.parametrize(
    ("pages", "got", "met"),
    [
        ([4, 6], "none", True),
        ([4, 8], f"none; within a page or 5%: {LINE} 5 to 6", True),
        ([4, 9], f"{LINE} 5 to 6.5", False),
    ],
)
def test_a_question_that_reads_more_pages_is_named(pages: list[int], got: str, met: bool) -> None:
    value = sides(pages=pages, limit_ms=1000, generic_pages=pages)
    value = made.with_case(value, changed(value.runs[0], pages=[5, 5]), "before")
    assert judged(value, "against the baseline (0007)")[PAGES] == (got, met)


@pytest.mark.parametrize(
    ("generic", "got"),
    [
        ([15, 9], "none"),
        ([900, 9], f"{LINE} 5 to 454.5"),
        ([4], f"{LINE} 5 to no answer within 1,000 ms"),
    ],
)
def test_a_worse_generic_plan_is_named(
    generic: list[int], got: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = sides(pages=[4, 6], limit_ms=1000, generic_pages=generic)
    assert judged(value, "prepared") == {GENERIC: (got, got == "none")}
    if got != "none":
        monkeypatch.setitem(WORSE_AS_GENERIC, LINE, "of a reason")
        assert judged(value, "prepared") == {GENERIC: (f"known: {got} (of a reason)", False)}


def test_each_question_with_a_reason_is_in_the_catalogue() -> None:
    assert MORE_PAGES.keys() | WORSE_AS_GENERIC.keys() <= {query.name for query in CATALOGUE}


def test_lookups_of_each_way() -> None:
    value = sides(before=1.0)
    loads = value.runs[1].concurrency
    slow = [
        dataclasses.replace(x, tps=0.76 * x.tps)
        if (x.workload, x.way, x.clients) == ("lookups", "direct", 500)
        else x
        for x in loads
    ]
    value.runs[1] = dataclasses.replace(value.runs[1], concurrency=slow)
    found = judged(value, "against the baseline (0007)")
    assert found["lookups of 8 to 500 clients, direct"] == (
        "from 0.76 times as many (of 500 clients)", False,
    )  # fmt: skip
    assert found["lookups of 8 to 500 clients, pgbouncer"][1] is True
