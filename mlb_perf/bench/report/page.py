"""The whole report as one HTML page."""

from __future__ import annotations

from pathlib import Path

from mlb_perf import templates
from mlb_perf.bench.document import Document
from mlb_perf.bench.report.overview import overview
from mlb_perf.bench.report.section import sections

_FOLDER = Path(__file__).with_name("templates")


def render(document: Document) -> str:
    """The page's text; the page loads nothing else."""
    found = list(sections(document))
    return templates.render(
        _FOLDER,
        "page.html.mako",
        overview=overview(document),
        sections=[section for section in found if section.is_measured],
        missing=[s.title.lower() for s in found if not s.is_measured] if document.runs else [],
    )
