"""A project of its own, written from the files of docs/online.md."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from tests.support.checkout import ROOT

_FILE = re.compile(r"<!-- file: (\S+) -->\n```python\n(.*?)```", re.DOTALL)


def files() -> dict[str, str]:
    """The files of the document, by path."""
    document = (ROOT / "docs" / "online.md").read_text(encoding="utf-8")
    return dict(_FILE.findall(document))


@contextmanager
def project(folder: Path, engine: Engine) -> Iterator[Config]:
    """The project in the folder, on the database of the engine; its modules can be imported."""
    for name, content in files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    template = ROOT / "alembic" / "script.py.mako"
    (folder / "migrations" / "script.py.mako").write_text(template.read_text(encoding="utf-8"))
    config = Config(output_buffer=io.StringIO())
    config.set_main_option("script_location", str(folder / "migrations"))
    url = engine.url.render_as_string(hide_password=False)
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    sys.path.insert(0, str(folder))
    try:
        yield config
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop("models", None)


def script(config: Config, revisions: str) -> str:
    """What ``alembic upgrade REVISIONS --sql`` writes."""
    buffer = config.output_buffer = io.StringIO()
    command.upgrade(config, revisions, sql=True)
    return buffer.getvalue()
