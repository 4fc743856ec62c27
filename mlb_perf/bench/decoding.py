"""Dataclasses from JSON's values, with the path of what does not fit."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any, TypeVar

from mlb_perf.errors import ConfigurationError

T = TypeVar("T")


def dataclass_of(kind: type[T], value: Any, where: str) -> T:
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
        return dataclass_of(typing.cast("type[Any]", kind), value, where)
    expected = (int, float) if kind is float else origin or kind
    if kind is not Any and not isinstance(value, expected):
        raise ConfigurationError(f"{where} is {value!r}, not {kind.__name__}; measure again")
    return value
