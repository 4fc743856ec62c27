"""Rejected records, and games that wait to be curated or closed."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mlb_perf.models.base import (
    Base,
    CreatedAt,
    Int,
    Json,
    Moment,
    Name32,
    Name64,
    Name96,
    Name255,
    Text,
    strategic,
)
from mlb_perf.models.placement import BY_EXTERNAL_GAME, LOCAL


class RejectedRecord(Base):
    """A record that could not be promoted, with the reason."""

    __tablename__ = "rejected_records"
    __table_args__ = (
        PrimaryKeyConstraint("external_game_id", "rejection_id"),
        CheckConstraint("attempts >= 1", name="attempts"),
        strategic(
            "ix_rejected_records_standing", "reason_code", "rejected_at",
            include=["source"],
            where="resolved_at IS NULL",
        ),
        strategic("ix_rejected_records_snapshot", "external_game_id", "collected_at"),
        strategic(
            "ix_rejected_records_malformed", "external_game_id", "(left(record ->> 'sha256', 64))",
            where="left(record ->> 'sha256', 64) IS NOT NULL",
        ),
        {
            "schema": "staging",
            "info": BY_EXTERNAL_GAME,
            "comment": "Records that could not be promoted, each with its reason; none is lost",
        },
    )  # fmt: skip

    external_game_id: Mapped[Name64] = mapped_column(
        primary_key=True, comment="The source's id of the game; empty if the record has none"
    )
    rejection_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=True, comment="Surrogate id"
    )
    source: Mapped[Name32] = mapped_column(comment="The feed that the record came from")
    raw_table: Mapped[Name64] = mapped_column(comment="The table in raw_data that holds the record")
    sportsbook_key: Mapped[Name64 | None] = mapped_column(
        comment="Part of the raw row's key; NULL where the raw table has none"
    )
    row_key: Mapped[Name96 | None] = mapped_column(
        comment="The rest of the raw row's key (market, side, line) with / between; NULL where "
        "there is no more"
    )
    collected_at: Mapped[Moment] = mapped_column(comment="Part of the raw row's key, UTC")
    reason_code: Mapped[Name64] = mapped_column(
        comment="The rule that the record broke, e.g. unknown_team"
    )
    reason: Mapped[Text] = mapped_column(comment="The rule and the offending value, as a sentence")
    record: Mapped[Json] = mapped_column(comment="The part of the payload that was rejected")
    origin: Mapped[Name255 | None] = mapped_column(comment="File and line, or URL, of the record")
    attempts: Mapped[Int] = mapped_column(
        server_default="1", comment="How often its promotion was tried, count"
    )
    rejected_at: Mapped[CreatedAt]
    resolved_at: Mapped[Moment | None] = mapped_column(
        comment="When it was promoted after all, UTC; NULL while it stands rejected"
    )


class CurationQueue(Base):
    """A game with new data in staging; a worker recomputes its curated rows.

    One row per game instead of a mark on each staging row, which would write
    every row, and all its index entries, twice.
    """

    __tablename__ = "curation_queue"
    __table_args__ = (
        {
            "schema": "staging",
            "info": LOCAL,
            "comment": "Games with news in staging that is not yet curated",
        },
    )

    game_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="curated.enhanced_games.game_id"
    )
    queued_at: Mapped[CreatedAt]
    has_moved: Mapped[bool] = mapped_column(
        server_default="false",
        comment="Whether the game has another official date than its curated rows",
    )
    parked_at: Mapped[Moment | None] = mapped_column(
        comment="When the server refused the game's curated rows, UTC; NULL while it waits"
    )
    reason: Mapped[Text | None] = mapped_column(
        comment="Why it was refused; the next news of the game tries it again"
    )
    late_paths: Mapped[Json | None] = mapped_column(
        comment="Paths that alone are to be recomputed, each [source, sportsbook_id, market_type,"
        " side]; NULL: all of the game's"
    )


class ClosingQueue(Base):
    """A game that is to be closed: its closing lines, features and readiness are to be set.

    Nothing is loaded at the moment when a game begins. So each game that has
    lines and has not begun stands here, and each game whose result came.
    """

    __tablename__ = "closing_queue"
    __table_args__ = (
        {
            "schema": "staging",
            "info": LOCAL,
            "comment": "Games that are to be closed, and from when on",
        },
    )

    game_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="curated.enhanced_games.game_id"
    )
    due_at: Mapped[Moment] = mapped_column(
        comment="When the game can be closed: its start, or when its result came, UTC"
    )


class CompactedGame(Base):
    """A past game whose staged quotes are those that its lines are made of, and no others."""

    __tablename__ = "compacted_games"
    __table_args__ = (
        {
            "schema": "staging",
            "info": LOCAL,
            "comment": "Past games whose staged quotes were compacted, once each",
        },
    )

    game_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="curated.enhanced_games.game_id"
    )
    quotes: Mapped[int] = mapped_column(comment="Quotes that were staged until then, count")
    deleted: Mapped[int] = mapped_column(comment="Those that were deleted, count")
    compacted_at: Mapped[CreatedAt]
