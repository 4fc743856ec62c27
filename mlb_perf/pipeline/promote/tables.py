"""The raw tables, and what promotion has to know of each."""

from __future__ import annotations

from dataclasses import dataclass

_KEY_COLUMNS = ("sportsbook_key", "market_type", "side", "line_key")


@dataclass(frozen=True)
class RawTable:
    """A table of ``raw_data`` as promotion reads it.

    ``source`` and ``id_source`` are SQL expressions over a row ``r``: the feed
    that spoke, and whose ids its games have (its own, if empty). ``key`` are the columns of the
    primary key besides the game's id and the moment. ``shape`` is another table
    whose payloads are alike, so that its SQL files serve. ``oldest``: the moment of its oldest
    hot row as a literal, so that the planner leaves out the months before it.
    """

    name: str
    source: str
    id_source: str = ""
    key: tuple[str, ...] = ("sportsbook_key",)
    has_quotes: bool = True
    has_splits: bool = False
    shape: str = ""
    oldest: str = ""

    @property
    def recent(self) -> str:
        """The condition on a row ``r`` that the hot rows fulfil."""
        return f"r.collected_at >= {self.oldest}" if self.oldest else "true"

    @property
    def file(self) -> str:
        """The name of its files in ``describe``, ``quotes`` and ``splits``."""
        return f"{self.shape or self.name}.sql"

    @property
    def gives_prices(self) -> bool:
        """Whether a row must give a quote or a split; the others describe games alone."""
        return self.has_quotes or self.has_splits

    def placeholders(self) -> dict[str, str]:
        """What the SQL files leave open."""
        joined = [f"r.{column} = batch.{column}" for column in self.key if column != "source"]
        if "source" in self.key:
            joined.append(f"{self.source} = batch.source")
        return {
            "table": self.name,
            "source": self.source,
            "id_source": self.id_source or self.source,
            **{name: f"r.{name}" if name in self.key else "NULL" for name in _KEY_COLUMNS},
            "key": " AND ".join(joined) or "true",
            "recent": self.recent,
            "always": "true" if self.gives_prices else "false",
        }


# Schedules and results first: they know a game's number and its venue.
RAW_TABLES = (
    RawTable("mlb_stats_api_games", "'mlb_stats_api'", key=(), has_quotes=False),
    RawTable(
        "game_results",
        "r.source",
        "CASE r.source WHEN 'game_results' THEN 'mlb_stats_api' ELSE r.source END",
        key=("source",),
        has_quotes=False,
    ),
    RawTable(
        "action_network_games",
        "'action_network'",
        key=(),
        has_quotes=False,
        shape="action_network_odds",
    ),
    RawTable("odds_api_odds", "'odds_api'"),
    RawTable("action_network_odds", "'action_network'", has_splits=True),
    RawTable("action_network_history", "'action_network'", shape="action_network_odds"),
    RawTable("sbd_splits", "'sbd'", has_splits=True),
    RawTable(
        "vsin_splits",
        "coalesce(left(lower(btrim(r.payload ->> 'source')), 32), 'unknown')",
        "'mlb_stats_api'",
        key=("sportsbook_key", "market_type"),
        has_quotes=False,
        has_splits=True,
    ),
    RawTable(
        "line_history",
        "r.source",
        key=("sportsbook_key", "market_type", "side", "line_key", "source"),
    ),
)
