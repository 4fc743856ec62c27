"""The result document as versioned JSON text; errors name the file and the place in it."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from pathlib import Path
from typing import Any, TypeVar

from mlb_perf.bench.document import Document
from mlb_perf.errors import ConfigurationError

FORMAT = "mlb_perf benchmark"
VERSION = 1

T = TypeVar("T")


def dumps(document: Document) -> str:
    """The document as JSON text."""
    head = {"format": FORMAT, "version": VERSION}
    return json.dumps(head | dataclasses.asdict(document), ensure_ascii=False) + "\n"


def write(path: Path, document: Document) -> None:
    """Write the document to a file. OSError where that fails."""
    path.write_text(dumps(document), encoding="utf-8")


def read(path: Path) -> Document:
    """The document in a file; ConfigurationError if it is not one, or of another version."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"{path}: {error.strerror}; name a file that mlb-perf bench --json wrote"
        ) from error
    except ValueError as error:
        raise ConfigurationError(
            f"{path} is not JSON ({error}); name a file that mlb-perf bench --json wrote"
        ) from error
    return decode(value, str(path))


def decode(value: Any, name: str) -> Document:
    """The document that a JSON value holds; ``name`` is what errors call it."""
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ConfigurationError(
            f"{name} is not a result of the benchmark; name a file that mlb-perf bench --json wrote"
        )
    if value.get("version") != VERSION:
        raise ConfigurationError(
            f"{name} has version {value.get('version')} of the document, and this is {VERSION}; "
            "measure again with mlb-perf bench --json"
        )
    body = {key: item for key, item in value.items() if key not in ("format", "version")}
    return _dataclass(Document, body, name)


def _dataclass(kind: type[T], value: Any, where: str) -> T:
    """The value as that class; ConfigurationError, which names the place, if it is none."""
    if not isinstance(value, dict):
        raise ConfigurationError(f"{where} is not an object; measure again")
    hints = typing.get_type_hints(kind)
    if unknown := sorted(set(value) - set(hints)):
        raise ConfigurationError(f"{where} has unknown keys: {', '.join(unknown)}; measure again")
    arguments = {key: _value(hints[key], item, f"{where}.{key}") for key, item in value.items()}
    try:
        return kind(**arguments)
    except TypeError as error:
        raise ConfigurationError(f"{where}: {error}; measure again") from error


def _value(kind: Any, value: Any, where: str) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        if value is None:
            return None
        return _value(next(a for a in arguments if a is not type(None)), value, where)
    if origin is list:
        if not isinstance(value, list):
            raise ConfigurationError(f"{where} is not a list; measure again")
        return [_value(arguments[0], item, f"{where}[{n}]") for n, item in enumerate(value)]
    if dataclasses.is_dataclass(kind):
        return _dataclass(typing.cast("type[Any]", kind), value, where)
    expected = (int, float) if kind is float else origin or kind
    if kind is not Any and not isinstance(value, expected):
        raise ConfigurationError(f"{where} is {value!r}, not {kind.__name__}; measure again")
    return value
