"""The origin of a staging row and its progress."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mlb_perf.models.base import (
    VALIDATION_STATUSES,
    CreatedAt,
    Date,
    JsonList,
    Moment,
    Name16,
    Name32,
    Name64,
    Score,
    UpdatedAt,
    between,
    one_of,
)


def quality() -> list[CheckConstraint]:
    return [
        between("data_quality_score", 0, 1),
        one_of("validation_status", VALIDATION_STATUSES),
    ]


class Lineage:
    """The columns for the origin of a row and its progress."""

    external_game_id: Mapped[Name64] = mapped_column(
        primary_key=True, sort_order=-10, comment="The source's own id of the game, as text"
    )
    source: Mapped[Name32] = mapped_column(
        sort_order=-8, comment="The feed: odds_api, action_network, sbd, vsin, mlb_stats_api, ..."
    )
    game_id: Mapped[int | None] = mapped_column(
        comment="curated.enhanced_games.game_id once the game is resolved; NULL until then"
    )
    game_date: Mapped[Date | None] = mapped_column(
        comment="Official date of the game in its venue's time zone; NULL until resolved"
    )
    collected_at: Mapped[Moment] = mapped_column(
        comment="The moment at which the source said it, UTC"
    )
    data_quality_score: Mapped[Score] = mapped_column(
        server_default="0", comment="0 (useless) to 1 (complete and consistent)"
    )
    validation_status: Mapped[Name16] = mapped_column(
        server_default="pending", comment="pending, valid, suspect or invalid"
    )
    validation_errors: Mapped[JsonList | None] = mapped_column(
        comment="The rules that the row broke, as an array of rule names; NULL if none"
    )
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
