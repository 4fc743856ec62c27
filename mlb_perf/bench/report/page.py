"""The whole report as one HTML page."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from importlib.resources import files

from mlb_perf.bench.document import Document
from mlb_perf.bench.judge.targets import limit_of_direct, verdicts
from mlb_perf.bench.report import parts, stall_table, tables
from mlb_perf.bench.report.parts import html_table, legend, section
from mlb_perf.bench.report.plots import latency_plot, load_plots, size_plots, stall_plot
from mlb_perf.formatting import ms

WIDE, NARROW, PANEL = 880.0, 350.0, 300.0


def render(document: Document) -> str:
    """The page's text; it needs nothing but itself."""
    body = [
        section("targets", "Targets", _targets(document)),
        section("latency", "Questions, before and after", _latency(document)),
        section("ingest", "Loading", _ingest(document)),
        section("concurrency", "Many clients", _concurrency(document)),
        section("storage", "Bytes by table", _storage(document)),
        section("stall", "While the schema changes", _stall(document)),
        section("growth", "Growth", _growth(document)),
        section("conditions", "How it was measured", parts.conditions(document)),
    ]
    style = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>mlb_perf: benchmark</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        + parts.head(document)
        + "".join(body)
        + "</body>\n</html>\n"
    )


def _both(draw: Callable[[float, str], str]) -> str:
    """The plot for a wide screen or paper, and for a phone; the style sheet shows one of them."""
    drawn = draw(WIDE, "wide") + draw(NARROW, "narrow")
    return f"<figure>{drawn}</figure>" if drawn else ""


def _words(category: str) -> str:
    return escape(category.replace("_", " "))


def _targets(document: Document) -> str:
    found = verdicts(document)
    if not found:
        return ""
    met = sum(verdict.met is True for verdict in found)
    missed = [v for v in found if v.met is False]
    words = [
        f"<li><b>{escape(v.part)}, {escape(v.name)}</b>: wanted {escape(v.wanted)}; "
        f'<span class="missed">it is {escape(v.got)}</span></li>'
        for v in missed
    ]
    text = f"<p>{met} of {len(found)} targets are met"
    text += ". Not met:</p><ul>" + "".join(words) + "</ul>" if missed else ".</p>"
    return (
        text
        + html_table(tables.categories(document))
        + html_table(tables.targets(document, left_out="latency"))
    )


def _latency(document: Document) -> str:
    wide = latency_plot.plots(document, WIDE, "wide")
    narrow = latency_plot.plots(document, NARROW, "narrow")
    if not wide:
        return ""
    marks = {"before": "before", "after": "after", "tick": "target"}
    drawn = "".join(
        f"<h3>{_words(name)}</h3><figure>{wide[name]}{narrow[name]}</figure>" for name in wide
    )
    return (
        "<p>The median of each question, from the client, on a logarithmic scale. Every execution "
        "follows a primary-key probe on the same connection; the table has the times as multiples "
        "of it, which hold on a machine of another speed. The interval of after / before is of "
        "those multiples, at 99%.</p>"
        + legend(marks)
        + drawn
        + html_table(tables.latency(document))
    )


def _ingest(document: Document) -> str:
    run = document.run("after")
    if run is None or not run.ingest:
        return ""
    return (
        "<p>The rate into the table with all its indexes as a share of a bare COPY of the same "
        "bytes into a table with none, turn by turn. <code>load</code> is what mlb-perf load does; "
        "a batch is a transaction.</p>"
        + legend({"after": "after the upgrade", "tick": "target"})
        + _both(lambda width, kind: load_plots.loading(run, width, kind))
        + html_table(tables.ingest(document))
    )


def _concurrency(document: Document) -> str:
    run = document.run("after")
    if run is None or not run.concurrency:
        return ""
    names = {kind: f"{workload}, {way}" for workload, way, kind in load_plots.SERIES}
    return (
        "<p>Each client asks again as soon as it is answered. Lookups are the catalogue's quick "
        "questions; a primary-key probe is the most that the server can do. "
        f"{escape(limit_of_direct(run))}</p>"
        + legend(names)
        + "<h3>Transactions a second</h3>"
        + _both(lambda width, kind: load_plots.throughput(run, width, kind))
        + "<h3>95th percentile of the latency</h3>"
        + _both(lambda width, kind: load_plots.waiting(run, width, kind))
        + html_table(tables.concurrency(document))
    )


def _storage(document: Document) -> str:
    run = document.run("after")
    if run is None or not run.storage:
        return ""
    names = {"side-before box": "before", "side-after box": "after"}
    return (
        "<p>Heap, TOAST and indexes (from dark to light), with all partitions.</p>"
        + legend(names)
        + _both(lambda width, kind: size_plots.storage(document, width, kind))
        + html_table(tables.storage(document))
    )


def _stall(document: Document) -> str:
    if not document.stalls:
        return ""
    stall = document.stalls[-1]
    lost = len(stall.differences)
    words = (
        f"{stall.writers} writers and {stall.readers} readers went on working on {stall.rows:,} "
        "raw rows while the schema was upgraded a revision at a time and downgraded again. "
        f"{len(stall.errors)} statements failed, {lost} rows differed afterwards; "
        f"{stall.lock_retries} attempts at a lock were given up and made again, and the longest "
        f"swap of a table held its lock for {ms(stall.longest_swap_ms)}."
    )
    return (
        f"<p>{escape(words)}</p>"
        + legend({"s2": "longest write", "s1": "longest read", "tick": "target"})
        + _both(lambda width, kind: stall_plot.timeline(stall, width, kind))
        + html_table(stall_table.stall(document))
    )


def _growth(document: Document) -> str:
    panels = size_plots.scales(document, PANEL, "")
    if not panels:
        return ""
    drawn = "".join(
        f"<figure><h3>{_words(name)}</h3>{drawing}</figure>" for name, drawing in panels.items()
    )
    return (
        "<p>Medians over the scale, and what is expected at 100 (dashed): a time is a fixed part "
        "and a part for each page, and pages grow by the exponent that was measured. It holds as "
        "long as what is asked for stays in memory.</p>"
        f'<div class="panels">{drawn}</div>' + html_table(tables.growing(document))
    )
