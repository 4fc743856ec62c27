"""One game on its way through the tiers: what is known of it, and what was said of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace

from mlb_perf.dataset.columns import NULL, Rows
from mlb_perf.dataset.market import moments
from mlb_perf.dataset.market.calendar import Game
from mlb_perf.dataset.market.chance import Chance
from mlb_perf.dataset.market.market import Path, Truth
from mlb_perf.dataset.reference import Reference

INGEST_SECONDS = 5
PROMOTE_SECONDS = 60
HOT_SECONDS = 15 * 60
"""What was collected in the last quarter of an hour is not yet promoted."""

IDS_A_GAME = 10_000
"""Ids of a game's rows in one table: from this times the game's number."""


@dataclass(frozen=True, slots=True)
class Described:
    """A game as one source described it at one moment: a row of ``staging.games``."""

    source: str
    external_id: str
    collected_at: int
    home_name: str
    away_name: str
    start: int | None
    game_date: str
    game_number: int
    status: str
    venue: str | None
    home_score: int | None = None
    away_score: int | None = None

    @property
    def quality(self) -> str:
        """The score that promotion gives."""
        lost = 2 * (self.start is None) + (self.venue is None)
        return f"{(10 - lost) / 10:.3f}"


@dataclass(frozen=True, slots=True)
class Split:
    """Bets and handle of one market of one game: ``percents`` as staging has them."""

    source: str
    external_id: str
    key: str
    book_id: int
    market: int
    collected_at: int
    line: str | None
    bets: tuple[int | None, int | None]
    percents: tuple[float, float, float, float]


@dataclass(slots=True)
class Story:
    """A game with all that is drawn and said of it, and the rows that come of it."""

    seed: int
    game: Game
    truth: Truth
    reference: Reference
    until: int
    staging_since: int
    rows: Rows
    described: list[Described] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    rejections: int = 0

    @property
    def hot_from(self) -> int:
        """From this moment on raw rows are still to be promoted."""
        return self.until - HOT_SECONDS

    @property
    def quoted_until(self) -> int:
        """Nothing is asked for any more from then on: the data end, or the game was cancelled."""
        game = self.game
        if game.is_cancelled and game.postponed_at is not None:
            return min(self.until, game.postponed_at)
        return self.until

    @property
    def has_begun(self) -> bool:
        """Whether the game had begun when the data end."""
        return self.game.start <= self.until and not self.game.is_cancelled

    @property
    def is_over(self) -> bool:
        """Whether its result was known when the data end."""
        return self.game.start + 4 * moments.HOUR < self.hot_from and not self.game.is_cancelled

    def chance(self, name: str) -> Chance:
        """A stream of chance of this game's own."""
        return Chance(self.seed, self.game.season, self.game.number, name)

    def start_as_of(self, moment: int) -> int:
        """The start as it was scheduled at a moment."""
        game = self.game
        if game.postponed_at is not None and moment < game.postponed_at:
            return game.first_start
        return game.start

    @property
    def date(self) -> str:
        """The game's date as it was promoted last: of its start as it was scheduled then."""
        return self.local_date(self.start_as_of(self.hot_from))

    def local_date(self, start: int) -> str:
        """The official date of a start."""
        return moments.wall_clock(start, self.game.home.time_zone)[:10]

    def describe(
        self, source: str, external_id: str, moment: int, start: int | None, *, codes: bool = False,
        date: str | None = None, number: int = 1, status: str = "scheduled",
        venue: str | None = None, score: tuple[int, int] | None = None,
    ) -> None:  # fmt: skip
        """Note how a source described the game; ``codes`` if it names teams by their codes."""
        home, away = self.game.home, self.game.away
        names = (home.abbreviation, away.abbreviation) if codes else (home.name, away.name)
        day = date if start is None else self.local_date(start)
        assert day is not None
        told = Described(source, external_id, moment, *names, start, day, number, status, venue)
        if score is not None:
            told = replace(told, home_score=score[0], away_score=score[1])
        self.described.append(told)

    def raw(self, table: str, key: tuple[str, ...], moment: int, payload: str, origin: str) -> bool:
        """A row of ``raw_data``, its key without the moment; whether it is promoted already."""
        is_done = moment < self.hot_from
        values = (
            *key, moments.stamp(moment), payload, origin, moments.stamp(moment + INGEST_SECONDS),
            moments.stamp(moment + PROMOTE_SECONDS) if is_done else NULL,
        )  # fmt: skip
        self.rows.lines[table].append("\t".join(values))
        return is_done

    def reject(
        self, source: str, table: str, external_id: str, book: str | None, moment: int,
        code: str, reason: str, record: str, origin: str,
    ) -> None:  # fmt: skip
        """What promotion rejects: a row of ``staging.rejected_records``."""
        self._keep(external_id, source, table, book, moment, code, reason, record, origin,
                   moment + PROMOTE_SECONDS)  # fmt: skip

    def malformed(
        self, source: str, table: str, moment: int, reason: str, told: str, origin: str
    ) -> None:
        """What a load keeps of a text that is no record, collected and kept as it is loaded."""
        record = json.dumps({"text": told, "sha256": hashlib.sha256(told.encode()).hexdigest()})
        loaded = moment + INGEST_SECONDS
        self._keep("", source, table, None, loaded, "malformed_record", reason, record, origin,
                   loaded)  # fmt: skip

    def _keep(
        self, external_id: str, source: str, table: str, book: str | None, moment: int, code: str,
        reason: str, record: str, origin: str, rejected: int,
    ) -> None:  # fmt: skip
        number = self.game.number * IDS_A_GAME + self.rejections
        self.rejections += 1
        self.rows.add(
            "staging.rejected_records", external_id, number, source, table, book,
            moments.stamp(moment), code, reason, record, origin, moments.stamp(rejected),
        )  # fmt: skip
