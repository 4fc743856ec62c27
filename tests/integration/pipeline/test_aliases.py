"""Spellings: what is folded, what is unknown and reported, and how it becomes known."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from mlb_perf.cli.app import app
from mlb_perf.pipeline.promote import promote
from tests.integration.pipeline.feeds import START, odds_row, store
from tests.support.sql import rows, value


def run(*words: str) -> tuple[int, str]:
    """A command's exit status and what it says; an error is part of it."""
    found = CliRunner().invoke(app, [*words])
    error = "" if found.exception is None else str(found.exception)
    return found.exit_code, found.output + error


SPELLINGS = {
    "Detroit  Tigers": "DET", "Los Angeles Angels\u00a0": "LAA", "Tigers (G1)": "DET",
    "Detroit Tigers (Game 2)": "DET", "Minnesota Twins - J Ryan": "MIN", "St.Louis": "STL",
    "Chi. Cubs": "CHC", "L.A. Dodgers": "LAD", "New York Y": "NYY", "Arizona D\u2019Backs": "AZ",
    "CLE Guardians": "CLE", "WAS Nationals": "WSH", "WSH Nationals": "WSH", "tb rays": "TB",
    "Las Vegas Athletics": "ATH", "Sacramento A's": "ATH",
    "CUB": "CHC", "SDG": "SD", "SFO": "SF", "LOS": "LAD", "BRS": "BOS", "ARZ": "AZ", "KAN": "KC",
    "TAM": "TB", "SOX": "CWS", "WAS": "WSH", "SAC": "ATH",
}  # fmt: skip


def test_spellings_of_teams(head: Engine) -> None:
    """Blanks, dots, numbers of games and pitchers are folded; archives' codes are known."""
    with head.connect() as connection:
        store(
            connection,
            [
                odds_row(name, home=name, away="Miami Marlins", start=start,
                         at=start - dt.timedelta(hours=5))
                for number, name in enumerate(SPELLINGS)
                for start in (START - dt.timedelta(days=number),)
            ],
        )  # fmt: skip
    promote(head.url)
    found = rows(
        head,
        "SELECT home_team_name, abbreviation FROM staging.games"
        " LEFT JOIN curated.teams ON team_id = home_team_id",
    )
    assert dict(found) == SPELLINGS  # stored as the source spells them


def test_what_was_not_known_is_told_and_added(head: Engine) -> None:
    with head.connect() as connection:
        store(connection, [odds_row("g1", home="San Diego Friars"), odds_row("g2", "draft kings"),
                           odds_row("g3")])  # fmt: skip
    status, said = run("promote")
    assert status == 0
    assert "team 'San Diego Friars' of odds_api, 1 game; near: San Diego Padres" in said
    assert "book 'draft kings' of odds_api, 2 records; near: draftkings" in said
    assert "mlb-perf alias" in said

    assert run("alias", "team", "San Diego Friars", "San Diego Padres") == (
        0, "San Diego Friars of any means San Diego Padres; next: mlb-perf promote --retry\n",
    )  # fmt: skip
    assert run("alias", "book", "draft kings", "DraftKings", "--source", "odds_api")[0] == 0
    status, said = run("promote", "--retry")
    assert (status, "not known" in said) == (0, False)
    assert value(head, "SELECT count(*) FROM staging.betting_odds_unified") == 6


@pytest.mark.usefixtures("head")
def test_aliases_are_listed_and_removed() -> None:
    run("alias", "team", "Friars", "SD")
    assert run("alias", "team", "friars")[1] == "any\tFriars\tSan Diego Padres\n"
    assert "any\tSDG\tSan Diego Padres\n" in run("alias", "team")[1]
    assert run("alias", "team", "FRIARS", "--remove") == (0, "FRIARS of any is removed\n")
    assert run("alias", "team", "friars") == (0, "")


@pytest.mark.usefixtures("head")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("team", "X", "Isotopes"), "no team is called Isotopes; mlb-perf alias team lists"),
        (("book", "X", "nobody"), "no book is called nobody"),
        (("team", "X", "--remove"), "any has no alias X; mlb-perf alias team lists them"),
    ],
)
def test_aliases_that_cannot_be(words: tuple[str, ...], message: str) -> None:
    status, said = run("alias", *words)
    assert status == 1
    assert message in said
