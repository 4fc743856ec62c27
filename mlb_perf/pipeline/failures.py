"""An error of the server in the pipeline as a sentence: what is wrong, and what to do."""

from __future__ import annotations

import psycopg2
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis
from mlb_perf.diagnosis import sqlstate
from mlb_perf.distribution import lacks_partition
from mlb_perf.engine import safe
from mlb_perf.errors import LoadFailed

__all__ = ["explain", "is_about_the_data", "sentence", "sqlstate"]

_NO_SCHEMA = "the schema is not there; run mlb-perf alembic upgrade head"

_ADVICE = {
    "25006": "the server takes no writes; name the primary in the URL",
    "3F000": _NO_SCHEMA,
    "40P01": "another session took the same locks the other way round; run again",
    "42501": "give the role that right: INSERT, UPDATE and DELETE in raw_data, staging, "
    "curated and operational, TEMPORARY on the database",
    "42703": _NO_SCHEMA,
    "42P01": _NO_SCHEMA,
    "53200": "the server is out of memory; take fewer rows a batch, and run again",
    "55P03": "another session holds a lock on the table, such as a migration; run again",
}
_NO_PARTITION = (
    "no partition takes that month; make it with mlb-perf partitions apply TABLE --from MONTH "
    "--to MONTH, and run again"
)
_OTHERWISE = "fix that, and run again"


def explain(error: psycopg2.Error | DBAPIError, url: URL) -> LoadFailed:
    """A load's error with its SQLSTATE and what to do next."""
    return LoadFailed(f"{safe(url)}: {sentence(error)}")


def is_about_the_data(error: BaseException) -> bool:
    """Whether some record is at fault, and the others can go on without it.

    Classes 22 (data), 23 (constraints, but for a missing partition, whose SQLSTATE is one of them)
    and 54 (limits: depth, length), and 21000: one statement would write a row twice.
    """
    if not isinstance(error, psycopg2.Error):
        return False
    state = error.pgcode or ""
    if lacks_partition(error):
        return False
    return state[:2] in ("22", "23", "54") or state == "21000"


def sentence(error: psycopg2.Error | DBAPIError) -> str:
    """What the server said, and what to do next; for any command but a migration."""
    original = error.orig if isinstance(error, DBAPIError) else error
    state = sqlstate(error)
    advice = diagnosis.advice(state, _ADVICE, _OTHERWISE)
    if state == "53200" and (hint := diagnosis.hint(error)):  # the server knows which memory
        advice = f"{hint.rstrip('.')}; then run again"
    if isinstance(original, psycopg2.Error) and lacks_partition(original):
        advice = _NO_PARTITION
    return f"{diagnosis.said(error)}; {advice}"
