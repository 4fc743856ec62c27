"""SportsBettingDime: the public's bets four times a game, and odds of five books with each."""

from __future__ import annotations

from mlb_perf.dataset.feeds.public import Public
from mlb_perf.dataset.market.books import SBD, Book
from mlb_perf.dataset.market.market import MARKETS, SIDES, Path, View
from mlb_perf.dataset.market.moments import HOUR, MINUTE, day_text, iso
from mlb_perf.dataset.market.prices import Price, american_price
from mlb_perf.dataset.story import Split, Story

SOURCE = "sbd"
TABLE = "raw_data.sbd_splits"
CONSENSUS = "sbd_consensus"

_BEFORE = (18 * HOUR, 8 * HOUR, 3 * HOUR, 25 * MINUTE)


def tell(story: Story) -> None:
    """The consensus and the books at each poll."""
    game, chance = story.game, story.chance(SOURCE)
    day = story.local_date(game.first_start).replace("-", "")
    game_id = f"{day}.{game.number % 100:02d}-MLB-{game.away.abbreviation}@{game.home.abbreviation}"
    public = Public(chance, story.truth, 2)
    views = {
        book.key: View(story.chance(SOURCE + book.key), book, story.truth, game.start)
        for book in SBD
    }
    paths = {
        book.key: [
            Path(SOURCE, game_id, book.key, story.reference.books[book.book], market)
            for market in range(3)
        ]
        for book in SBD
    }
    starts: dict[int, int] = {}
    for before in _BEFORE:
        moment = game.start - before - chance.whole(0, 30) * 7
        if moment >= story.quoted_until:
            break
        origin = f"sbd-{day_text(moment)}.json#{game.number % 16 + 1}"
        own = _own(story, game_id, moment)
        if _consensus(story, public, game_id, own, moment, origin):
            starts.setdefault(story.start_as_of(moment), moment)
        for book in SBD:
            _book(story, book, views[book.key], paths[book.key], own, moment, origin)
        if chance.happens(0.06):
            _blank(story, game_id, own, moment, origin)
    story.paths += [path for each in paths.values() for path in each if path.runs]
    for start, moment in starts.items():
        story.describe(SOURCE, game_id, moment, start, codes=True)


def _own(story: Story, game_id: str, moment: int) -> str:
    sides = ", ".join(
        f'"{side}": {{"_id": "MLB_{team.abbreviation}", "code": "{team.abbreviation}", '
        f'"team": "{team.name}"}}'
        for side, team in (("home", story.game.home), ("away", story.game.away))
    )
    return (
        f'{{"_id": "{game_id}", "date": "{iso(story.start_as_of(moment))}", {sides}, '
        '"comp": "Regular Season"'
    )


def _consensus(
    story: Story, public: Public, game_id: str, own: str, moment: int, origin: str
) -> bool:
    told = []
    splits = []
    for market, sides in enumerate(SIDES):
        shares = public.percents(market)
        total = 900 + (story.game.number * 37 + moment // 60) % 17_000
        bets = (int(total * shares[0] / 100), total - int(total * shares[0] / 100))
        parts = ", ".join(
            f'"{side}": {{"bets": {bets[n]}, "betsPercentage": {shares[n]:.2f}, '
            f'"stakePercentage": {shares[n + 2]:.2f}}}'
            for n, side in enumerate(sides)
        )
        told.append(
            f'"{MARKETS[market]}": {{"updated": "{iso(moment)}", "bets": {total}, {parts}}}'
        )
        book_id = story.reference.books[CONSENSUS]
        splits.append(
            Split(SOURCE, game_id, CONSENSUS, book_id, market, moment, None, bets, shares)
        )
    payload = f'{own}, "bettingSplits": {{{", ".join(told)}}}}}'
    is_done = story.raw(TABLE, (game_id, CONSENSUS), moment, payload, origin)
    if is_done:
        story.splits += splits
    return is_done


def _book(
    story: Story, book: Book, view: View, paths: list[Path], own: str, moment: int, origin: str
) -> None:
    quotes = [
        (line, american_price(one.american), american_price(other.american))
        for line, one, other in view.at(moment)
    ]
    odds = []
    for market, (line, *prices) in enumerate(quotes):
        sides = []
        for n, side in enumerate(SIDES[market]):
            if line is None:
                sides.append(f'"{side}": {_odds(prices[n])}')
            else:
                points = f"{line / 2}" if market == 2 else f"{(line if n == 0 else -line) / 2:+}"
                sides.append(f'"{side}": {{"points": "{points}", "odds": {_odds(prices[n])}}}')
        odds.append(f'"{MARKETS[market]}": {{{", ".join(sides)}}}')
    payload = (
        f'{own}, "sportsbooks": [{{"_id": "{book.key}", "name": "{book.key}", "geos": ["global"], '
        f'"odds": {{{", ".join(odds)}}}, "displayName": "{book.title}"}}]}}'
    )
    game_id = paths[0].external_id
    if story.raw(TABLE, (game_id, book.key), moment, payload, origin):
        for path, quote in zip(paths, quotes, strict=True):
            path.say(moment, quote, moment >= story.game.start)


def _odds(price: Price) -> str:
    return (
        f'{{"american": "{price.signed}", "decimal": "{price.decimal:.2f}", '
        f'"probability": "{price.probability:.2f}", "best": false}}'
    )


def _blank(story: Story, game_id: str, own: str, moment: int, origin: str) -> None:
    """A book without prices, as bet365 is now and then: nothing is offered."""
    empty = '{"american": "", "decimal": "", "probability": "", "best": false}'
    odds = ", ".join(
        f'"{market}": {{'
        + ", ".join(
            f'"{side}": {empty}' if market == "moneyline"
            else f'"{side}": {{"points": "", "odds": {empty}}}'
            for side in sides
        )
        + "}"
        for market, sides in zip(MARKETS, SIDES, strict=True)
    )  # fmt: skip
    payload = (
        f'{own}, "sportsbooks": [{{"_id": "bet365", "name": "bet365", "geos": ["global"], '
        f'"odds": {{{odds}}}, "displayName": "Bet365"}}]}}'
    )
    story.raw(TABLE, (game_id, "bet365"), moment, payload, origin)
