"""``operational.pipeline_execution_log``: what each load did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from mlb_perf.pipeline.failures import sqlstate
from mlb_perf.pipeline.records import LoadReport
from mlb_perf.sql import read


def started(connection: Connection, source: str | None, details: Mapping[str, Any]) -> int:
    """Log that a load begins; the answer is its id."""
    values = {"source": source, "details": json.dumps(dict(details))}
    found: int = connection.execute(
        text(read("pipeline/load/run_started.sql")), values
    ).scalar_one()
    return found


def finished(
    connection: Connection, execution_id: int, report: LoadReport, error: BaseException | None
) -> None:
    """Log how it ended: succeeded without an error, cancelled by Ctrl-C, else failed."""
    status = "succeeded"
    if error is not None:
        status = "cancelled" if isinstance(error, KeyboardInterrupt) else "failed"
    connection.execute(
        text(read("pipeline/load/run_finished.sql")),
        {
            "execution_id": execution_id,
            "status": status,
            "read": report.read,
            "loaded": report.loaded,
            "malformed": len(report.malformed),
            "sqlstate": sqlstate(error),
            "message": str(error) if error is not None else None,
            "details": json.dumps(
                {
                    "already_there": report.already_there,
                    "merged": report.merged,
                    "nothing_to_load": report.empty,
                }
            ),
        },
    )
