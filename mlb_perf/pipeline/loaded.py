"""The word that raw rows were loaded, from those who load to those who promote."""

from __future__ import annotations

from sqlalchemy import Connection

CHANNEL = "mlb_perf_loaded"
"""What ``LISTEN`` names. A notification has no payload: many at once are one."""


def notify(connection: Connection) -> None:
    """Wake those who promote, when the connection's transaction commits."""
    connection.exec_driver_sql(f"NOTIFY {CHANNEL}")
