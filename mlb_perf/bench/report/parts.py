"""Pieces of the page: head, sections, tables, legends, conditions, stalls."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from mlb_perf.bench.document import Document
from mlb_perf.bench.report.tables import Table
from mlb_perf.bench.tools.machine import in_words
from mlb_perf.formatting import mb

_LONG = 60
_COLOURS = {
    "before": "var(--before)", "after": "var(--after)", "side-before": "var(--before)",
    "side-after": "var(--after)", "s1": "var(--s1)", "s2": "var(--s2)", "s3": "var(--s3)",
    "s4": "var(--s4)",
}  # fmt: skip


def head(document: Document) -> str:
    """Title, what was measured on what, and links to the sections."""
    facts = {
        "date": f"{document.started_at[:16].replace('T', ' ')} UTC",
        "command": f"<code>{escape(document.command)}</code>",
        "machine": escape(in_words(document.machine)),
        "server": escape(f"PostgreSQL {document.server['version']}"),
    }
    for run in document.runs:
        rows = sum(size.rows for size in run.storage)
        size = f", {rows:,} rows, {mb(sum(s.total for s in run.storage))}" if rows else ""
        facts[f"{run.label}, scale {run.scale:g}"] = escape(
            f"revision {run.revision}, seed {run.seed}{size}"
        )
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in facts.items())
    return (
        '<header><h1>mlb_perf: what was measured</h1><p class="lead">The schema of a betting-odds '
        f"pipeline before and after its upgrade, on the same rows.</p><dl>{listed}</dl></header>\n"
    )


def section(name: str, title: str, body: str) -> str:
    """A section with its heading; one without a body says that it was not measured."""
    text = body or '<p class="muted">Not measured in this run.</p>'
    return f'<section id="{name}"><h2>{escape(title)}</h2>{text}</section>\n'


def html_table(table: Table) -> str:
    """A table that scrolls sideways where it is wider than the screen."""
    if not table.rows:
        return ""
    heads = "".join(
        f'<th class="{_kind(n, table)}">{escape(column)}</th>'
        for n, column in enumerate(table.columns)
    )
    rows = "".join(
        "<tr>" + "".join(_cell(n, value, table) for n, value in enumerate(row)) + "</tr>"
        for row in table.rows
    )
    kind = "words" if table.words == len(table.columns) else ""
    return (
        f'<div class="table" tabindex="0"><table class="{kind}"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _kind(number: int, table: Table) -> str:
    return "word" if number < table.words else ""


def _cell(number: int, value: str, table: Table) -> str:
    kinds = [_kind(number, table)]
    if len(value) > _LONG:
        kinds.append("long")
    kinds += ["yes"] if value in ("yes", "met") else []
    kinds += ["no"] if value in ("no", "not met") else []
    return f'<td class="{" ".join(filter(None, kinds))}">{escape(value)}</td>'


def legend(names: Mapping[str, str]) -> str:
    """What each colour means; a name is a colour, with ``box`` for a bar, or ``tick``."""
    marks = []
    for kind, words in names.items():
        colour, _, shape = kind.partition(" ")
        if colour == "tick":
            mark = '<i class="tick"></i>'
        elif colour == "before":
            mark = f'<i style="border:2px solid {_COLOURS[colour]}"></i>'
        else:
            mark = f'<i class="{shape}" style="background:{_COLOURS[colour]}"></i>'
        marks.append(f"<span>{mark}{escape(words)}</span>")
    return f'<div class="legend">{"".join(marks)}</div>'


def conditions(document: Document) -> str:
    """What is behind the figures: settings, and what was left out."""
    settings = document.server["settings"]
    table = Table(("setting", "value"), [(n, str(v)) for n, v in settings.items()], 2)
    left = [
        f"<li>{escape(run.label)}, scale {run.scale:g}: <b>{escape(name)}</b> {escape(why)}</li>"
        for run in document.runs
        for name, why in run.left_out.items()
    ]
    said = "<h3>Left out</h3><ul>" + "".join(left) + "</ul>" if left else ""
    return (
        "<p>Both sides hold the same rows in one database: it was filled at the older revision, "
        "measured, upgraded, and measured again, each time after VACUUM (ANALYZE). Values asked "
        "for are drawn from the rows with a fixed seed. Caches are warm. Client and server share "
        "the machine.</p>"
        + said
        + "<h3>Settings of the server that are not the defaults</h3>"
        + html_table(table)
    )
