"""The marked blocks of ``docs/results.md`` and of any other page, from a result document."""

from __future__ import annotations

from mlb_perf.bench.document import Document, Measurement, Run
from mlb_perf.bench.judge.quantiles import summarise
from mlb_perf.bench.judge.targets import MANY_CLIENTS, limit_of_direct, verdicts
from mlb_perf.bench.report import stall_table, tables
from mlb_perf.bench.report.tables import markdown
from mlb_perf.bench.tools.machine import in_words
from mlb_perf.formatting import markdown_table, mb, ms

_CLAIMED = {
    "raw_ingestion": "0.43 ms",
    "staging_processing": "0.41 ms",
    "curated_analytics": "0.23 ms",
    "joins": "0.45 ms",
}
_BYTES_CLAIMED = "38 MB"
_USERS_CLAIMED = "500+"


def bodies(document: Document) -> dict[str, str]:
    """Markdown by name of block: what was measured, and on what."""
    others = {one.name: _measurement(one) for one in document.measurements}
    if not (document.runs or document.stalls):
        return others
    made = {
        "conditions": _conditions(document),
        "claims": markdown(_claims(document)) + "\n" + _note(document),
        "targets": markdown(tables.targets(document)),
        "categories": markdown(tables.categories(document)),
        "latency": markdown(tables.latency(document)),
        "ingest": markdown(tables.ingest(document)),
        "concurrency": markdown(tables.concurrency(document)),
        "storage": markdown(tables.storage(document)),
        "stall": markdown(stall_table.stall(document)),
        "change": _change(document),
        "growth": markdown(tables.growing(document)),
    }
    return others | {f"bench.{name}": body for name, body in made.items()}


def _measurement(one: Measurement) -> str:
    """On what it was measured, its lines as they are, and its tables."""
    lines = ["```text", *one.lines, "```", ""] if one.lines else []
    shown = (markdown_table(table.columns, table.rows, table.words) for table in one.tables)
    return "\n".join([f"{one.measured_on}:", "", *lines, *shown])


def _note(document: Document) -> str:
    return f"Measured by `{document.command}`, {document.started_at[:10]}.\n"


def _conditions(document: Document) -> str:
    """When, with what command, on what."""
    machine = document.machine
    lines = [
        f"- date: {document.started_at[:10]}",
        f"- command: `{document.command}`",
        f"- machine: {in_words(machine)}",
        f"- server: PostgreSQL {document.server['version']}, settings in the report",
        *(_run(run) for run in document.runs),
    ]
    return "\n".join(lines) + "\n"


def _run(run: Run) -> str:
    size = ""
    if run.storage:
        rows = sum(table.rows for table in run.storage)
        size = f", {rows:,} rows, {mb(sum(table.total for table in run.storage))}"
    return f"- {run.label}: revision {run.revision}, scale {run.scale:g}, seed {run.seed}{size}"


def _change(document: Document) -> str:
    """What those who went on working felt of all revisions, for the deployment guide."""
    if not document.stalls:
        return "Not measured.\n"
    stall = document.stalls[-1]
    rows: list[tuple[str, ...]] = [
        (v.name, v.wanted, v.got) for v in verdicts(document) if v.part == "stall"
    ]
    head = (
        f"{document.started_at[:10]}, PostgreSQL {document.server['version']}, "
        f"{document.machine['processors']} processors, {stall.rows:,} raw rows, {stall.writers} "
        f"writers and {stall.readers} readers, up to head and down again:\n\n"
    )
    return head + markdown(tables.Table(("what", "target", "measured"), rows, 3))


def _claims(document: Document) -> tables.Table:
    """The original's figures beside ours; each is stated as it was."""
    after = document.run("after")
    if after is None:
        return tables.Table((), [])
    rows: list[tuple[str, ...]] = [
        (name, claim, _category(after, name)) for name, claim in _CLAIMED.items()
    ]
    rows.append(("concurrent users", _USERS_CLAIMED, _users(after)))
    total = sum(table.total for table in after.storage)
    rows.append(("bytes measured on", _BYTES_CLAIMED, mb(total) if total else "not measured"))
    return tables.Table(("", "claimed by the original", "measured here"), rows, 3)


def _category(run: Run, name: str) -> str:
    cases = [case for case in run.latency if case.category == name]
    if not cases:
        return "not measured"
    middles = summarise([summarise(case.samples_ms).p50 for case in cases])
    worst = max(summarise(case.samples_ms).p95 for case in cases)
    return (
        f"{len(cases)} questions: medians {ms(middles.min)} to {ms(middles.max)}, half of them "
        f"under {ms(middles.p50)}; slowest p95 {ms(worst)}"
    )


def _users(run: Run) -> str:
    loads = [
        load for load in run.concurrency
        if load.clients >= MANY_CLIENTS and load.workload == "lookups" and load.rate is None
    ]  # fmt: skip
    if not loads:
        return "not measured"
    words = [
        f"{load.connected} connected, {load.way}: {load.tps:,.0f} lookups a second, "
        f"p95 {ms(load.p95_ms)}, {load.errors} errors"
        if load.transactions
        else f"{load.clients} {load.way}: {load.note}"
        for load in loads
    ]
    return "; ".join([*words, limit_of_direct(run)]).rstrip("; ")
