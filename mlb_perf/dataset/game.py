"""All rows of one game, in every tier."""

from __future__ import annotations

from dataclasses import dataclass

from mlb_perf.dataset.columns import Rows
from mlb_perf.dataset.feeds import action_network, odds_api, results, sbd, stats_api, vsin
from mlb_perf.dataset.market.calendar import Game
from mlb_perf.dataset.market.chance import Chance
from mlb_perf.dataset.market.market import truth
from mlb_perf.dataset.market.moments import MINUTE, stamp
from mlb_perf.dataset.reference import Reference
from mlb_perf.dataset.story import Story
from mlb_perf.dataset.tiers import analytics, curated, staging

QUEUED_MINUTES = 10
"""Games with quotes promoted so shortly before the end are still in the queue of curation."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a data set is made from; the same settings give the same rows.

    ``until`` and ``staging_since`` are seconds since 1970.
    """

    seed: int
    until: int
    staging_since: int


class Writer:
    """Writes games, given what holds for all of them."""

    def __init__(self, settings: Settings, reference: Reference, seasons: list[int]) -> None:
        self._settings = settings
        self._reference = reference
        self._seasons = seasons
        chance = Chance(settings.seed, "strength")
        self._strength = [chance.bell(0, 0.045) for _ in range(31)]

    def write(self, game: Game, rows: Rows) -> None:
        """Add all rows of a game."""
        settings = self._settings
        drawn = truth(Chance(settings.seed, "truth", game.number), game, self._strength)
        story = Story(
            settings.seed,
            game,
            drawn,
            self._reference,
            settings.until,
            settings.staging_since,
            rows,
        )
        for feed in (stats_api, results, odds_api, action_network, sbd, vsin):
            feed.tell(story)
        if not story.described:
            return
        staging.write(story)
        lines, _ = curated.write(story)
        analytics.write(story, lines, self._seasons.index(game.season))
        _queue(story)


def _queue(story: Story) -> None:
    newest = max((path.runs[-1].times[-1] for path in story.paths), default=0)
    if newest >= story.hot_from - QUEUED_MINUTES * MINUTE:
        story.rows.add("staging.curation_queue", story.game.number, stamp(newest + MINUTE))
