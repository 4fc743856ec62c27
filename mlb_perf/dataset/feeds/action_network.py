"""Action Network's scoreboard: games, odds of four books with the public's bets, line histories."""

from __future__ import annotations

import json

from mlb_perf.dataset.feeds.public import Percents, Public
from mlb_perf.dataset.market.books import ACTION_NETWORK, Book
from mlb_perf.dataset.market.market import MARKETS, SIDES, Path, Quote, View
from mlb_perf.dataset.market.moments import HOUR, MINUTE, day_text, iso
from mlb_perf.dataset.market.prices import american_price
from mlb_perf.dataset.story import Split, Story

SOURCE = "action_network"
GAMES = "raw_data.action_network_games"
ODDS = "raw_data.action_network_odds"
HISTORY = "raw_data.action_network_history"
STRANGER = "9901"

_STATUS = {"scheduled": "scheduled", "inprogress": "in_progress", "complete": "final"}
_BEFORE = (22 * HOUR, 14 * HOUR, 9 * HOUR, 6 * HOUR, 4 * HOUR, 2 * HOUR, 50 * MINUTE, 12 * MINUTE)


def tell(story: Story) -> None:
    """The game now and then, its odds eight times before the start, and their history once."""
    game_id = str(250_000 + story.game.number)
    _tell_games(story, game_id)
    chance = story.chance(SOURCE)
    public = Public(chance, story.truth, 0)
    polls = [story.game.start - before - chance.whole(0, 240) for before in _BEFORE]
    polls = [moment for moment in polls if story.truth.opens < moment < story.quoted_until]
    for book in ACTION_NETWORK:
        if chance.happens(book.coverage):
            _tell_book(story, game_id, book, polls, public)
    if polls and chance.happens(0.05):
        _tell_stranger(story, game_id, chance.pick(polls), public)


def _own(story: Story, game_id: str, status: str, moment: int) -> str:
    home, away = story.game.home, story.game.away
    teams = ", ".join(
        f'{{"id": {team.statsapi_id}, "full_name": "{team.name}", "abbr": "{team.abbreviation}"}}'
        for team in (home, away)
    )
    return (
        f'{{"id": {game_id}, "status": "{status}", "real_status": "{status}", '
        f'"start_time": "{iso(story.start_as_of(moment))}", "league_name": "mlb", '
        f'"home_team_id": {home.statsapi_id}, "away_team_id": {away.statsapi_id}, '
        f'"teams": [{teams}]'
    )


def _tell_games(story: Story, game_id: str) -> None:
    start = story.game.start
    told: list[tuple[int, str]] = [
        (start - 3 * 24 * HOUR, "scheduled"), (start - 24 * HOUR, "scheduled"),
        (start - 5 * HOUR, "scheduled"), (start - 20 * MINUTE, "scheduled"),
    ]  # fmt: skip
    if not story.game.is_cancelled:
        told += [(start + HOUR, "inprogress"), (start + 4 * HOUR, "complete")]
    seen = set()
    for moment, status in told:
        if moment >= story.until:
            break
        score = (story.truth.home_score, story.truth.away_score) if status == "complete" else None
        box = (
            f', "boxscore": {{"total_home_points": {score[0]}, "total_away_points": {score[1]}}}'
            if score
            else ""
        )
        payload = _own(story, game_id, status, moment) + box + "}"
        origin = f"action_network-{day_text(moment)}.json#{story.game.number % 16 + 1}"
        if story.raw(GAMES, (game_id,), moment, payload, origin):
            begins = story.start_as_of(moment)
            if (status, begins) not in seen:
                seen.add((status, begins))
                ours = _STATUS[status]
                story.describe(SOURCE, game_id, moment, begins, status=ours, score=score)


def _tell_book(story: Story, game_id: str, book: Book, polls: list[int], public: Public) -> None:
    chance = story.chance(SOURCE + book.key)
    view = View(chance, book, story.truth, story.game.start)
    book_id = story.reference.books[book.book]
    paths = [Path(SOURCE, game_id, book.key, book_id, market) for market in range(3)]
    entries = []
    for poll in polls:
        moment = poll + int(book.key) % 60
        quotes = [_american(quote) for quote in view.at(moment)]
        shares = [public.percents(market) for market in range(3)]
        entries.append(_entry(book.key, moment, quotes, shares))
        payload = f'{_own(story, game_id, "scheduled", moment)}, "odds": [{entries[-1]}]}}'
        origin = f"action_network-{day_text(moment)}.json#{story.game.number % 16 + 1}"
        if not story.raw(ODDS, (game_id, book.key), moment, payload, origin):
            entries.pop()
            break
        last = moment
        for path, quote in zip(paths, quotes, strict=True):
            path.say(moment, quote, moment >= story.game.start)
        story.splits += _splits(game_id, book, book_id, moment, quotes, shares)
    if entries and story.is_over:
        payload = f'{_own(story, game_id, "scheduled", last)}, "odds": [{", ".join(entries)}]}}'
        origin = f"history-{day_text(story.game.start)}.json#{story.game.number % 16 + 1}"
        story.raw(HISTORY, (game_id, book.key), last, payload, origin)
    story.paths += [path for path in paths if path.runs]


def _tell_stranger(story: Story, game_id: str, moment: int, public: Public) -> None:
    """A book that no alias knows: each quote and each split is rejected."""
    view = View(story.chance("stranger"), ACTION_NETWORK[0], story.truth, story.game.start)
    quotes = [_american(quote) for quote in view.at(moment)]
    entry = _entry(STRANGER, moment, quotes, [public.percents(market) for market in range(3)])
    payload = f'{_own(story, game_id, "scheduled", moment)}, "odds": [{entry}]}}'
    origin = f"action_network-{day_text(moment)}.json#{story.game.number % 16 + 1}"
    if not story.raw(ODDS, (game_id, STRANGER), moment, payload, origin):
        return
    at = f"at {STRANGER} of game {game_id}"
    records = []
    for market, (line, *prices) in enumerate(quotes):
        for n, side in enumerate(SIDES[market]):
            text = None if line is None else f"{(-line if market == 1 and n else line) / 2}"
            price = str(prices[n].american)
            record = {"market": MARKETS[market], "side": side, "line": text, "price": price}
            shown = f"line {text or 'none'}, price {price} {at}"
            records.append((f"market {MARKETS[market]}, side {side}, {shown}", json.dumps(record)))
        split = f'{{"market": "{MARKETS[market]}", "odds": {entry}}}'
        records.append((f"split of market {MARKETS[market]} {at}", split))
    for reason, text in records:
        story.reject(
            SOURCE, "action_network_odds", game_id, STRANGER, moment, "unknown_sportsbook", reason,
            text, origin,
        )  # fmt: skip


def _american(quote: Quote) -> Quote:
    line, one, other = quote
    return line, american_price(one.american), american_price(other.american)


def _entry(key: str, moment: int, quotes: list[Quote], shares: list[Percents]) -> str:
    (_, ml_home, ml_away), (spread, sp_home, sp_away), (total, over, under) = quotes
    public = ", ".join(
        f'"{name}_{kind}": {shares[n // 2][n % 2 + 2 * money]:.0f}'
        for n, name in enumerate(_SIDES)
        for money, kind in enumerate(("public", "money"))
    )
    return (
        f'{{"book_id": {key}, "type": "game", "inserted": "{iso(moment)}", '
        f'"ml_home": {ml_home.american}, "ml_away": {ml_away.american}, '
        f'"spread_home": {(spread or 0) / 2}, "spread_home_line": {sp_home.american}, '
        f'"spread_away": {-(spread or 0) / 2}, "spread_away_line": {sp_away.american}, '
        f'"total": {(total or 0) / 2}, "over": {over.american}, "under": {under.american}, '
        f"{public}}}"
    )


_SIDES = ("ml_home", "ml_away", "spread_home", "spread_away", "total_over", "total_under")


def _splits(
    game_id: str, book: Book, book_id: int, moment: int, quotes: list[Quote],
    shares: list[Percents],
) -> list[Split]:  # fmt: skip
    splits = []
    for market in range(3):
        line = quotes[market][0]
        text = None if line is None else f"{line / 2}"
        splits.append(
            Split(
                SOURCE,
                game_id,
                book.key,
                book_id,
                market,
                moment,
                text,
                (None, None),
                shares[market],
            )
        )
    return splits
