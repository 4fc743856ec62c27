"""The marked blocks of ``docs/results.md`` and of any other page, from a result document."""

from __future__ import annotations

from mlb_perf.bench.document import Document, Run
from mlb_perf.bench.found import Measurement, TextTable
from mlb_perf.bench.judge.quantiles import summarise
from mlb_perf.bench.judge.targets import MANY_CLIENTS, limit_of_direct, verdicts
from mlb_perf.bench.report import question_tables, tables
from mlb_perf.bench.report.tables import NOTHING, markdown
from mlb_perf.formatting import mb, ms

_CLAIMED = {
    "raw_ingestion": "0.43 ms",
    "staging_processing": "0.41 ms",
    "curated_analytics": "0.23 ms",
    "joins": "0.45 ms",
}
_BYTES_CLAIMED = "38 MB"
_USERS_CLAIMED = "500+"


def bodies(document: Document) -> dict[str, str]:
    """Markdown by name of block: those of the upgrade, if it was measured, and the others'."""
    found = _upgrade(document) if document.runs or document.stalls else {}
    return found | {one.name: _measurement(one) for one in document.measurements}


def _upgrade(document: Document) -> dict[str, str]:
    made = {
        "conditions": _conditions(document),
        "headlines": markdown(question_tables.against(document)) + "\n" + _note(document),
        "claims": markdown(_claims(document)) + "\n" + _note(document),
        "targets": markdown(tables.targets(verdicts(document))),
        "categories": markdown(question_tables.categories(document)),
        "latency": markdown(question_tables.latency(document)),
        "ingest": markdown(tables.ingest(document)),
        "concurrency": markdown(tables.concurrency(document)),
        "storage": markdown(tables.storage(document)),
        "stall": _stalls(document),
        "change": _change(document),
        "growth": markdown(question_tables.growing(document)),
    }
    return {f"bench.{name}": body for name, body in made.items()}


def _measurement(found: Measurement) -> str:
    """When and how it was measured, its tables, and its other output verbatim."""
    pieces = [f"{found.measured_on}:\n", *(markdown(table) for table in found.tables)]
    if found.lines:
        pieces.append("\n".join(["```text", *found.lines, "```"]) + "\n")
    return "\n".join(pieces)


def _conditions(document: Document) -> str:
    return "".join(
        f"- {name}: `{value}`\n" if name == "command" else f"- {name}: {value}\n"
        for name, value in tables.conditions(document)
    )


def _note(document: Document) -> str:
    return f"Measured by `{document.command}`, {document.started_at[:10]}.\n"


def _stalls(document: Document) -> str:
    """The tables of each measurement, those of rebuilt tables if there are any."""
    found = [t(s) for s in document.stalls for t in (tables.revisions, tables.rebuilds)]
    return "\n".join(markdown(table) for table in found if table.rows) or markdown(NOTHING)


def _change(document: Document) -> str:
    """The effect of all revisions on the statements of others, for the deployment guide."""
    if not document.stalls:
        return markdown(NOTHING)
    stall = document.stalls[-1]
    sizes = " and ".join(f"{one.rows:,}" for one in document.stalls)
    rows = [[v.name, v.wanted, v.got] for v in verdicts(document) if v.part == "stall"]
    head = (
        f"{document.started_at[:10]}, PostgreSQL {document.server['version']}, "
        f"{document.machine['processors']} processors, {sizes} raw rows, {stall.writers} "
        f"writers and {stall.readers} readers, up to head and down again:\n\n"
    )
    return head + markdown(TextTable(["what", "target", "measured"], rows, 3))


def _claims(document: Document) -> TextTable:
    """The original's figures beside ours; each is stated as it was."""
    after = document.run("after")
    if after is None:
        return NOTHING
    rows = [[name, claim, _category(after, name)] for name, claim in _CLAIMED.items()]
    rows.append(["concurrent users", _USERS_CLAIMED, _users(after)])
    total = sum(table.total for table in after.storage)
    rows.append(["bytes measured on", _BYTES_CLAIMED, mb(total) if total else "not measured"])
    return TextTable(["", "claimed by the original", "measured here"], rows, 3)


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
