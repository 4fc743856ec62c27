"""The Odds API: most of the raw rows; asked every hour at first, every few minutes at last."""

from __future__ import annotations

from mlb_perf.dataset.market.books import ODDS_API, Book
from mlb_perf.dataset.market.chance import Chance
from mlb_perf.dataset.market.market import Path, Quote, View
from mlb_perf.dataset.market.moments import HOUR, MINUTE, day_text, iso
from mlb_perf.dataset.story import Story

SOURCE = "odds_api"
TABLE = "raw_data.odds_api_odds"


def tell(story: Story) -> None:
    """All polls of the game, until it is over."""
    chance = story.chance(SOURCE)
    game_id = (
        f"{int(chance.next() * 2**52):013x}{int(chance.next() * 2**52):013x}{story.game.number:06x}"
    )
    polls = _polls(chance, story)
    starts: dict[int, int] = {}
    for book in ODDS_API:
        if chance.happens(book.coverage * min(1.0, 0.8 + 0.2 * story.truth.popularity)):
            _tell_book(story, story.chance(book.key), game_id, book, polls, starts)
    for start, moment in starts.items():
        story.describe(SOURCE, game_id, moment, start)
    if polls and chance.happens(0.4):
        _fail(story, polls[int(chance.next() * len(polls))], game_id)


def _polls(chance: Chance, story: Story) -> list[int]:
    """When the game was asked for: some 60 times, fewer for a game that few bet on."""
    start, moment = story.game.start, story.truth.opens
    end = min(start + 170 * MINUTE, story.quoted_until - 3 * MINUTE)
    often = 1 / story.truth.popularity
    polls = []
    while moment < end:
        polls.append(moment)
        ahead = start - moment
        minutes = 48 if ahead > 12 * HOUR else 19 if ahead > 3 * HOUR else 6 if ahead > 0 else 50
        moment += int(minutes * often * MINUTE * chance.between(0.85, 1.15))
        moment = story.game.open_at(moment)
    return polls


def _fail(story: Story, moment: int, game_id: str) -> None:
    """A poll that a proxy answered, with a page of its own."""
    page = f"<html><body><h1>502 Bad Gateway</h1>Request {game_id[::-1]}</body></html>"
    story.malformed(
        SOURCE, "odds_api_odds", moment, "not JSON: neither an object nor an array", page,
        f"odds_api-{day_text(moment)}.jsonl.gz:{moment % 86400 // 60 * 20}",
    )  # fmt: skip


def _tell_book(
    story: Story, chance: Chance, game_id: str, book: Book, polls: list[int],
    starts: dict[int, int],
) -> None:  # fmt: skip
    start = story.game.start
    view = View(chance, book, story.truth, start)
    book_id = story.reference.books[book.book]
    paths = [Path(SOURCE, game_id, book.key, book_id, market) for market in range(3)]
    told: list[Quote | None] = [None, None, None]
    said = [0, 0, 0]
    texts = ["", "", ""]
    heads = _Heads(story, game_id, book)
    number = 0
    for poll in polls:
        if not chance.happens(book.answers):
            continue
        moment = poll - int(40 * chance.next()) - 2
        number += 1
        quotes = view.at(moment)
        # Now and then a market's own moment stays behind its book's.
        lags = chance.happens(0.04)
        for n in range(3):
            if quotes[n] is not told[n] and quotes[n] != told[n]:
                texts[n] = heads.outcomes(n, quotes[n])
                told[n] = quotes[n]
                said[n] = moment
            elif not lags:
                said[n] = moment
        payload = heads.payload(moment, said, texts)
        is_done = story.raw(
            TABLE, (game_id, book.key), moment, payload,
            f"odds_api-{day_text(moment)}.jsonl.gz:{poll % 86400 // 60 * 20 + number % 20 + 1}",
        )  # fmt: skip
        if is_done:
            begins = story.start_as_of(moment)
            starts[begins] = min(moment, starts.get(begins, moment))
            for n in range(3):
                if said[n] == moment:
                    paths[n].say(moment, quotes[n], moment >= start)
    story.paths += [path for path in paths if path.runs]


class _Heads:
    """The parts of a payload that are the same in each of a book's rows."""

    def __init__(self, story: Story, game_id: str, book: Book) -> None:
        game = story.game
        self._story = story
        self._home, self._away = game.home.name, game.away.name
        self._id = f'{{"id": "{game_id}", "sport_key": "baseball_mlb", "sport_title": "MLB", '
        self._teams = (
            f'"home_team": "{self._home}", "away_team": "{self._away}", "bookmakers": '
            f'[{{"key": "{book.key}", "title": "{book.title}", "last_update": "'
        )

    def payload(self, moment: int, said: list[int], texts: list[str]) -> str:
        start = iso(self._story.start_as_of(moment))
        one, two, three = map(iso, said)
        return (
            f'{self._id}"commence_time": "{start}", {self._teams}{iso(moment)}", "markets": ['
            f'{{"key": "h2h", "last_update": "{one}", {texts[0]}, '
            f'{{"key": "spreads", "last_update": "{two}", {texts[1]}, '
            f'{{"key": "totals", "last_update": "{three}", {texts[2]}]}}]}}'
        )

    def outcomes(self, market: int, quote: Quote) -> str:
        line, one, other = quote
        names = ("Over", "Under") if market == 2 else (self._home, self._away)
        points = ("", "")
        if line is not None:
            half = line / 2
            points = (f', "point": {half}', f', "point": {half if market == 2 else -half}')
        return (
            f'"outcomes": [{{"name": "{names[0]}", "price": {one.json}{points[0]}}}, '
            f'{{"name": "{names[1]}", "price": {other.json}{points[1]}}}]}}'
        )
