"""The pages of the documentation, as files beside the package or in the checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import mlb_perf
from mlb_perf.cli.shared import echo
from mlb_perf.errors import ConfigurationError

app = typer.Typer()


@app.command()
def docs(
    page: Annotated[str | None, typer.Argument(help="The page to print, such as feeds.")] = None,
) -> None:
    """Print a page of the documentation; without a name, list the pages and their folder."""
    folder = _folder()
    pages = {path.stem: path for path in sorted(folder.glob("*.md"))}
    if page is None:
        echo("\n".join([f"{name:12} {_title(path)}" for name, path in pages.items()]))
        echo(f"in {folder}")
    elif (name := Path(page).stem) in pages:
        echo(pages[name].read_text(encoding="utf-8").rstrip())
    else:
        raise ConfigurationError(f"there is no page {page}; name one of {', '.join(pages)}")


def _folder() -> Path:
    package = Path(mlb_perf.__file__).parent
    installed = package / "docs"
    return installed if installed.exists() else package.parent / "docs"


def _title(path: Path) -> str:
    return path.read_text(encoding="utf-8").splitlines()[0].lstrip("# ")
