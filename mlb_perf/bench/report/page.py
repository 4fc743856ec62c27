"""The whole report as one HTML page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from mako.lookup import TemplateLookup

from mlb_perf.bench.document import Document
from mlb_perf.bench.report.overview import overview
from mlb_perf.bench.report.section import sections


def render(document: Document) -> str:
    """The page's text; the page loads nothing else."""
    found = list(sections(document))
    page = (
        _templates()
        .get_template("page.html.mako")
        .render(
            overview=overview(document),
            sections=[section for section in found if section.is_measured],
            missing=[s.title.lower() for s in found if not s.is_measured] if document.runs else [],
        )
    )
    return str(page)


@cache
def _templates() -> TemplateLookup:
    """The templates; each value is escaped, and a name without a value is an error."""
    return TemplateLookup(
        [str(Path(__file__).with_name("templates"))],
        default_filters=["h"],
        strict_undefined=True,
        filesystem_checks=False,
    )
