"""Where the result of a measurement goes: files that are asked for, and the terminal."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from mlb_perf.bench import json_file
from mlb_perf.bench.document import Document
from mlb_perf.bench.report import doc_blocks, page, results
from mlb_perf.bench.report.summary import show
from mlb_perf.cli.shared import echo
from mlb_perf.errors import ConfigurationError

_PIPED_WIDTH = 160


@dataclass(frozen=True, kw_only=True)
class Files:
    """The options that all measurements have."""

    as_json: Annotated[
        Path | None, typer.Option("--json", help="Write the result to this file.")
    ] = None
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the report, one file, to this file.")
    ] = None
    docs: Annotated[
        list[Path] | None,
        typer.Option("--docs", help="Markdown whose measured blocks are rewritten."),
    ] = None

    def refuse_unwritable(self) -> None:
        """Before an hour of measuring rather than after it."""
        for path in (self.as_json, self.html):
            if path is not None and not path.resolve().parent.is_dir():
                raise ConfigurationError(f"{path} is in no directory that exists; create it first")
        for path in self.docs or ():
            if not path.is_file():
                raise ConfigurationError(
                    f"{path} does not exist; --docs rewrites measured blocks of a page that exists"
                )

    def write(self, result: Document) -> None:
        """Write the files, and print the tables."""
        if self.as_json is not None:
            json_file.write(self.as_json, result)
            echo(f"result: {self.as_json}")
        if self.html is not None:
            self.html.write_text(page.render(result), encoding="utf-8")
            echo(f"report: {self.html}")
        for path in self.docs or ():
            filled = doc_blocks.fill(path, results.bodies(result))
            echo(f"{path}: {', '.join(filled)}")
        # Piped, no window is too narrow.
        show(result, Console() if sys.stdout.isatty() else Console(width=_PIPED_WIDTH))
