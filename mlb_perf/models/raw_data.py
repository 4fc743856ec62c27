"""``raw_data``: the responses of the feeds, unchanged.

A snapshot is the data of one source about one game at one sportsbook at one moment.
Its natural key is the primary key, so loading the same response twice adds
nothing. ``processed_at`` is NULL while the row is hot: not yet promoted.
"""

from __future__ import annotations

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from mlb_perf.models.base import (
    Base,
    Json,
    Moment,
    Name16,
    Name32,
    Name64,
    Name255,
    index_each,
    one_of,
    strategic,
)
from mlb_perf.models.packing import Packed
from mlb_perf.models.partitioning import by_month
from mlb_perf.models.placement import BY_EXTERNAL_GAME

_KEYS_FIRST = -10


class GameSnapshot(Packed):
    """The columns of every raw table."""

    external_game_id: Mapped[Name64] = mapped_column(
        primary_key=True, sort_order=_KEYS_FIRST, comment="The source's own id of the game, as text"
    )
    collected_at: Mapped[Moment] = mapped_column(
        primary_key=True,
        sort_order=_KEYS_FIRST + 3,
        comment="The moment at which the source said this, UTC",
    )
    payload: Mapped[Json] = mapped_column(comment="The record as it was received")
    origin: Mapped[Name255 | None] = mapped_column(
        comment="File and line, or URL, that the record came from"
    )
    ingested_at: Mapped[Moment] = mapped_column(
        server_default=func.now(), comment="When the row was written, UTC"
    )
    processed_at: Mapped[Moment | None] = mapped_column(
        comment="When the row was promoted or rejected, UTC; NULL is hot: still to be done",
    )


class SportsbookSnapshot(GameSnapshot):
    """The columns of the raw tables with one sportsbook per row."""

    sportsbook_key: Mapped[Name64] = mapped_column(
        primary_key=True,
        sort_order=_KEYS_FIRST + 1,
        comment="The source's own key of the sportsbook, as text",
    )


def _hot(table: str) -> Index:
    """An index of only the rows that wait for promotion, oldest first."""
    return strategic(f"ix_{table}_hot", "collected_at", where="processed_at IS NULL")


class ActionNetworkOdds(SportsbookSnapshot, Base):
    """Odds of one game at one book from Action Network."""

    __tablename__ = "action_network_odds"
    __table_args__ = (
        _hot("action_network_odds"),
        *index_each("collected_at"),
        {
            "schema": "raw_data",
            "info": BY_EXTERNAL_GAME,
            "comment": "Action Network: odds of one game at one book at one moment",
        },
    )


class ActionNetworkGame(GameSnapshot, Base):
    """One game in Action Network's list."""

    __tablename__ = "action_network_games"
    __table_args__ = (
        _hot("action_network_games"),
        {
            "schema": "raw_data",
            "info": BY_EXTERNAL_GAME,
            "comment": "Action Network: one game, its teams, start and status, at one moment",
        },
    )


class ActionNetworkHistory(SportsbookSnapshot, Base):
    """The line history of one game at one book from Action Network."""

    __tablename__ = "action_network_history"
    __table_args__ = (
        _hot("action_network_history"),
        {
            "schema": "raw_data",
            "info": BY_EXTERNAL_GAME,
            "comment": "Action Network: the line history of one game at one book, as of one moment",
        },
    )


class OddsApiOdds(SportsbookSnapshot, Base):
    """Odds of one event at one bookmaker from The Odds API v4."""

    __tablename__ = "odds_api_odds"
    __table_args__ = (
        _hot("odds_api_odds"),
        *index_each("collected_at"),
        {
            "schema": "raw_data",
            "info": BY_EXTERNAL_GAME,
            "comment": "The Odds API v4: odds of one event at one bookmaker at one moment",
            **by_month("collected_at"),
        },
    )


class VsinSplit(SportsbookSnapshot, Base):
    """One row of VSIN's betting splits."""

    __tablename__ = "vsin_splits"
    __table_args__ = (
        one_of("market_type", ("moneyline", "spread", "total", "unknown")),
        _hot("vsin_splits"),
        *index_each("collected_at"),
        {
            "schema": "raw_data",
            "info": BY_EXTERNAL_GAME,
            "comment": "VSIN: bets and money percentages of one market of one game at one book",
        },
    )

    market_type: Mapped[Name16] = mapped_column(
        primary_key=True,
        sort_order=_KEYS_FIRST + 2,
        comment="moneyline, spread or total; unknown where the source's word is none of them",
    )


class LineHistory(SportsbookSnapshot, Base):
    """One row of a user's file of past lines, with our column names."""

    __tablename__ = "line_history"
    __table_args__ = (
        one_of("market_type", ("moneyline", "spread", "total", "all")),
        one_of("side", ("home", "away", "over", "under", "all")),
        _hot("line_history"),
        {
            "schema": "raw_data",
            "info": BY_EXTERNAL_GAME,
            "comment": "Files of past lines: one row of a game, book, market, side and line, "
            "columns renamed",
        },
    )

    market_type: Mapped[Name16] = mapped_column(
        primary_key=True,
        sort_order=_KEYS_FIRST + 2,
        comment="moneyline, spread or total; all where the row holds every market",
    )
    side: Mapped[Name16] = mapped_column(
        primary_key=True,
        sort_order=_KEYS_FIRST + 4,
        comment="home, away, over or under; all where the row holds every side",
    )
    line_key: Mapped[Name32] = mapped_column(
        primary_key=True,
        sort_order=_KEYS_FIRST + 4,
        comment="The handicap or total as text, so that alternate lines have places of their "
        "own; spread/total where the row holds both, empty where none",
    )
    source: Mapped[Name32] = mapped_column(
        primary_key=True, sort_order=_KEYS_FIRST + 4, comment="What the loader called the file"
    )


class GameResult(GameSnapshot, Base):
    """The result of one game, from a file of results or a Retrosheet game log."""

    __tablename__ = "game_results"
    __table_args__ = (
        _hot("game_results"),
        {
            "schema": "raw_data",
            "info": BY_EXTERNAL_GAME,
            "comment": "Results of games: a file's row, or a line of a Retrosheet game log",
        },
    )

    source: Mapped[Name32] = mapped_column(
        primary_key=True,
        sort_order=_KEYS_FIRST + 4,
        comment="The kind of file: game_results or retrosheet",
    )


class SbdSplit(SportsbookSnapshot, Base):
    """Betting splits of one game from SportsBettingDime."""

    __tablename__ = "sbd_splits"
    __table_args__ = (
        _hot("sbd_splits"),
        *index_each("collected_at"),
        {
            "schema": "raw_data",
            "info": BY_EXTERNAL_GAME,
            "comment": "SportsBettingDime: lines and splits of one game at one book at one moment",
        },
    )


class MlbStatsApiGame(GameSnapshot, Base):
    """One game of MLB StatsAPI's schedule."""

    __tablename__ = "mlb_stats_api_games"
    __table_args__ = (
        _hot("mlb_stats_api_games"),
        strategic(
            "ix_mlb_stats_api_games_payload",
            "payload",
            using="gin",
            operators={"payload": "jsonb_path_ops"},
        ),
        {
            "schema": "raw_data",
            "info": BY_EXTERNAL_GAME,
            "comment": "MLB StatsAPI: one game of the schedule, status and score, at one moment",
        },
    )
