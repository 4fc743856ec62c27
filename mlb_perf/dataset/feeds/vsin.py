"""VSiN: rows of splits of two books, six times a game; now and then a placeholder of zeros."""

from __future__ import annotations

import json

from mlb_perf.dataset.feeds.public import Percents, Public
from mlb_perf.dataset.market.books import VSIN
from mlb_perf.dataset.market.market import MARKETS
from mlb_perf.dataset.market.moments import HOUR, MINUTE, day_text, wall_clock
from mlb_perf.dataset.story import Split, Story

SOURCE = "vsin"
TABLE = "raw_data.vsin_splits"

_BEFORE = (16 * HOUR, 10 * HOUR, 5 * HOUR, 150 * MINUTE, HOUR, 15 * MINUTE)


def tell(story: Story) -> None:
    """A row for each market at both books, at each poll."""
    game = story.game
    starts: dict[int, int] = {}
    for n, book in enumerate(VSIN):
        chance = story.chance(SOURCE + book)
        public = Public(chance, story.truth, 0)
        for before in _BEFORE:
            moment = game.start - before - chance.whole(0, 200) * 2 - n
            if moment >= story.quoted_until:
                break
            is_empty = chance.happens(0.03)
            for market in range(3):
                shares = (0.0, 0.0, 0.0, 0.0) if is_empty else public.percents(market)
                if _row(story, book, market, moment, shares):
                    begins = story.start_as_of(moment)
                    starts[begins] = min(moment, starts.get(begins, moment))
    for start, moment in starts.items():
        story.describe(SOURCE, str(game.game_pk), moment, start, codes=True)


def _row(story: Story, book: str, market: int, moment: int, shares: Percents) -> bool:
    game, name = story.game, MARKETS[market]
    value = ("", "-1.5", "8.5")[market]
    payload = json.dumps({
        "id": "", "game_id": str(game.game_pk), "home_team": game.home.abbreviation,
        "away_team": game.away.abbreviation,
        "game_datetime": wall_clock(story.start_as_of(moment), "America/New_York"),
        "split_type": name, "last_updated": wall_clock(moment, "UTC"), "source": "VSIN",
        "book": book, "home_or_over_bets": "", "home_or_over_bets_percentage": f"{shares[0]:.1f}",
        "home_or_over_stake_percentage": f"{shares[2]:.1f}", "away_or_under_bets": "",
        "away_or_under_bets_percentage": f"{shares[1]:.1f}",
        "away_or_under_stake_percentage": f"{shares[3]:.1f}", "split_value": value,
    })  # fmt: skip
    key = (str(game.game_pk), book, name)
    origin = f"vsin-{day_text(moment)}.csv:{(game.number * 6 + market) % 90 + 2}"
    if not story.raw(TABLE, key, moment, payload, origin):
        return False
    if shares[0] == 0 and shares[1] == 0:
        reason = f"split of market {name} at {book} of game {game.game_pk}"
        story.reject(
            SOURCE, "vsin_splits", str(game.game_pk), book, moment, "empty_split", reason, payload,
            origin,
        )  # fmt: skip
    else:
        story.splits.append(
            Split(
                SOURCE,
                str(game.game_pk),
                book,
                story.reference.books[book],
                market,
                moment,
                value or None,
                (None, None),
                shares,
            )
        )
    return True
