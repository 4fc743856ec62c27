"""Which description of a game counts: states, results, games that were put off or suspended."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from tests.integration.pipeline.world_of_feeds import (
    DAY,
    NIGHT,
    RESULTS,
    SAID,
    Feeds,
    game,
    odds,
    schedule,
)


def states(pk: int = 26, day: str = DAY) -> list[dict[str, Any]]:
    """A game before, during and after it."""
    start = f"{day}T23:10:00Z"
    return [
        game(pk, day, start),
        game(pk, day, start, state="Live", detail="In Progress", score=(1, 0)),
        game(pk, day, start, state="Final", detail="Final", score=(4, 2)),
    ]


STATES = states()


ORDERS = {26 + n: order for n, order in enumerate(permutations(range(3)))}
"""By game: in which order its states are loaded."""


DAYS = {pk: f"2026-07-{pk - 18:02d}" for pk in ORDERS}


@pytest.mark.parametrize("between", [False, True])
def test_equal_times_are_no_order(feeds: Feeds, between: bool) -> None:
    """Of three files of one time the one that knows most counts, loaded in any order."""
    for turn in range(3):
        described = [states(pk, DAYS[pk])[order[turn]] for pk, order in ORDERS.items()]
        assert feeds.load(schedule(*described), SAID).malformed == []
        if between:
            feeds.promote()
    feeds.promote()
    assert feeds.games() == [(pk, DAYS[pk], 1, "final", 4, 2) for pk in ORDERS]


def test_an_older_file_never_undoes_a_result(feeds: Feeds) -> None:
    feeds.load(schedule(STATES[2]), "2026-07-09T08:00:00Z")
    feeds.promote()
    feeds.load(schedule(STATES[1]), "2026-07-09T03:00:00Z")
    feeds.load(schedule(STATES[0]), "2026-07-09T09:00:00Z")
    feeds.promote()
    assert feeds.games() == [(26, DAY, 1, "final", 4, 2)]


PUT_OFF = game(36, DAY, NIGHT, state="Final", detail="Postponed",
               rescheduleDate="2026-08-20T19:10:00Z")  # fmt: skip


MADE_UP = game(36, "2026-08-20", "2026-08-20T19:10:00Z", state="Final", detail="Final",
               score=(7, 1), rescheduledFrom=NIGHT)  # fmt: skip


SECOND = game(37, "2026-08-20", "2026-08-21T02:10:00Z", 2, state="Final", detail="Final",
              score=(2, 1))  # fmt: skip


@pytest.mark.parametrize("moments", [(1, 1), (1, 9), (9, 1)], ids=["equal", "later", "earlier"])
def test_a_game_that_was_made_up_is_one_description(feeds: Feeds, moments: tuple[int, int]) -> None:
    """Never postponed with 7-1: status, score and date are of one listing."""
    feeds.load(schedule(PUT_OFF), f"2026-08-22T0{moments[0]}:00:00Z")
    feeds.load(schedule(MADE_UP, SECOND), f"2026-08-22T0{moments[1]}:00:00Z")
    feeds.promote()
    assert feeds.games() == [
        (36, "2026-08-20", 1, "final", 7, 1), (37, "2026-08-20", 2, "final", 2, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_game_that_was_suspended_is_one_row(feeds: Feeds, newest_first: bool) -> None:
    """Both its listings in one response: the resumed one is loaded, the other is not malformed."""
    stopped = game(9, DAY, NIGHT, state="Live", detail="Suspended: Rain", score=(2, 2),
                   resumeDate="2026-07-09T20:10:00Z")  # fmt: skip
    resumed = game(9, DAY, "2026-07-09T20:10:00Z", state="Final", detail="Final", score=(5, 2),
                   resumedFrom=NIGHT)  # fmt: skip
    listed = [resumed, stopped] if newest_first else [stopped, resumed]
    report = feeds.load(schedule(*listed), "2026-07-10T12:00:00Z")
    assert (report.loaded, report.empty, report.malformed) == (1, 1, [])
    feeds.promote()
    assert feeds.games() == [(9, DAY, 1, "final", 5, 2)]


@pytest.mark.parametrize(
    ("state", "detail", "status"),
    [
        ("Live", "Manager challenge: Tag play", "in_progress"), ("Live", "Odd", "in_progress"),
        ("Final", "Odd", "final"), ("Preview", "Odd", "scheduled"),
        ("Preview", "Delayed Start: Rain", "delayed"), ("Final", "Completed Early: Rain", "final"),
    ],
)  # fmt: skip
def test_unknown_words_fall_back_to_the_abstract_state(
    feeds: Feeds, state: str, detail: str, status: str
) -> None:
    feeds.load(schedule(game(43, DAY, NIGHT, state=state, detail=detail)), SAID)
    feeds.promote()
    assert feeds.games()[0][3] == status


def test_lines_close_at_the_first_pitch(feeds: Feeds) -> None:
    """A delayed start: the odds feed knows for how long, and then the schedule when it was."""
    feeds.load(schedule(game(23, DAY, NIGHT, detail="Delayed Start: Rain")), "2026-07-09T02:15:00Z")
    later = "2026-07-09T03:40:00Z"
    for start, at, price in ((NIGHT, "2026-07-09T01:30:00Z", -115),
                             (later, "2026-07-09T02:35:00Z", -120),
                             (later, "2026-07-09T03:35:00Z", -135),
                             (later, "2026-07-09T03:50:00Z", -300)):  # fmt: skip
        feeds.load([odds("e23", start, at, price, 105)])
    feeds.promote()
    for actual in ("2026-07-09 03:40:00+00", "2026-07-09 03:41:00+00"):
        found = feeds.rows("SELECT actual_start_at::text FROM curated.enhanced_games")
        assert found == [(actual,)]
        assert [(price, closing, live) for _, price, _, closing, live in feeds.lines()] == [
            (-115, False, False), (-120, False, False), (-135, True, False), (-300, False, True),
        ]  # fmt: skip
        pitched = game(23, DAY, NIGHT, state="Final", detail="Final", score=(3, 1),
                       gameInfo={"firstPitch": "2026-07-09T03:41:00.000Z"})  # fmt: skip
        feeds.load(schedule(pitched), "2026-07-09T12:00:00Z")
        feeds.promote()


def test_fields_of_the_schedule(feeds: Feeds) -> None:
    """Pitchers, kind of game, linescore, team ids, and parks that no one knows."""
    one = game(51, DAY, NIGHT, state="Final", detail="Final", linescore={
        "teams": {"home": {"runs": 5}, "away": {"runs": 3}}})  # fmt: skip
    one["teams"]["home"]["probablePitcher"] = {"fullName": "Logan Gilbert"}
    one["teams"]["away"]["probablePitcher"] = {"fullName": "Jacob deGrom"}
    spring = game(52, "2026-03-04", "2026-03-04T20:05:00Z", gameType="S",
                  venue={"name": "Peoria Sports Complex"})  # fmt: skip
    nameless = game(53, "2026-07-10", "2026-07-11T02:10:00Z")
    for side in ("home", "away"):
        del nameless["teams"][side]["team"]["name"]
    feeds.load(schedule(one, spring, nameless), "2026-07-12T00:00:00Z")
    feeds.promote()
    found = feeds.rows(
        "SELECT game_pk, game_type, v.name, home_score, away_score, home_starting_pitcher,"
        " away_starting_pitcher FROM curated.enhanced_games"
        " LEFT JOIN curated.venues AS v USING (venue_id) ORDER BY 1"
    )
    assert found == [
        (51, "regular", "T-Mobile Park", 5, 3, "Logan Gilbert", "Jacob deGrom"),
        (52, "spring", None, None, None, None, None),
        (53, "regular", "T-Mobile Park", None, None, None, None),
    ]


def test_scores_and_starts_that_cannot_be(feeds: Feeds) -> None:
    """A score of 10^12 is none, half a score is none; a game of 1901 or 2099 stops nothing."""
    told = [
        game(61, DAY, NIGHT, score=(10**12, 3)),
        game(62, "1901-07-08", "1901-07-08T20:00:00Z"),
        game(63, "2099-07-08", "2099-07-08T20:00:00Z"),
        game(64, "2026-07-10", "2026-07-11T02:10:00Z"),
    ]
    feeds.load(schedule(*told), SAID)
    half = f"{RESULTS}\n65,2026-07-11,SEA,TEX,5,,Final\n66,2026-07-12,SEA,TEX,5,3,F\n"
    feeds.load(half)
    feeds.promote()
    assert [(row[0], row[3:]) for row in feeds.games()] == [
        (62, ("scheduled", None, None)), (61, ("scheduled", None, None)),
        (64, ("scheduled", None, None)), (65, ("final", None, None)), (66, ("final", 5, 3)),
    ]  # fmt: skip
    assert feeds.rejected() == {"bad_time": 1}
