"""Items that the server refuses for their data: found by halves, so that the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis
from mlb_perf.pipeline import failures
from mlb_perf.pipeline.load.missing_months import Impossible, need_of

Item = TypeVar("Item")
Done = TypeVar("Done")


def by_halves(
    connection: Connection,
    items: Sequence[Item],
    work: Callable[[Sequence[Item]], Done],
    refuse: Callable[[Sequence[Item], str], Done],
    impossible: Impossible,
) -> list[Done]:
    """Do ``work`` on all items, or on halves of them where the server refuses the data.

    ``refuse`` gets the single item that stays refused, with the server's reason. All of it is
    part of the open transaction. Errors that are not about the data go on to the caller, and so
    does a month that may yet be made: one that may not is in ``impossible``.
    """
    try:
        with connection.begin_nested():
            return [work(items)]
    except DBAPIError as error:
        reason = reason_of(connection, error, impossible)
    if len(items) == 1:
        return [refuse(items, reason)]
    middle = len(items) // 2
    return [
        done
        for half in (items[:middle], items[middle:])
        for done in by_halves(connection, half, work, refuse, impossible)
    ]


def reason_of(connection: Connection, error: DBAPIError, impossible: Impossible) -> str:
    """Why the data are refused; any other error is raised."""
    if error.connection_invalidated or error.orig is None:
        raise error
    if need := need_of(connection, error):
        if need.key in impossible:
            return impossible[need.key]
    elif failures.is_about_the_data(error.orig):
        return diagnosis.said(error)
    raise error
