"""Files with a row a side: which side a row is of, and two rows of a game as one.

Archives list the visitor's row, then the home team's: ``side`` is V, then H (or N twice where
neither is at home), ``team`` is the row's team, and its moneyline, spread and total's price are
its own: the visitor's price of the total is the over's.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.mapping import Map

PRICES = ("moneyline", "spread_price", "total_price")
NAMES = ("team", *PRICES, "spread", "score")
"""What a column of a row a team may be mapped to, besides the names of a row a game."""

_SIDES = {
    "home": "home", "h": "home", "home team": "home",
    "away": "away", "a": "away", "away team": "away", "v": "away", "visitor": "away",
    "over": "over", "o": "over", "under": "under", "u": "under", "": "all", "all": "all",
}  # fmt: skip
_OF_TEAM = {
    "moneyline": ("moneyline_away", "moneyline_home"),
    "spread": ("spread_away", "spread_home"),
    "spread_price": ("spread_away_price", "spread_home_price"),
    "total_price": ("over_price", "under_price"),
    "score": ("away_score", "home_score"),
    "team": ("away_team", "home_team"),
}


def side_of(values: Mapping[str, str]) -> str:
    """The side by its word, or by the team's name; ``all`` for a row that has them all."""
    told = values.get("side", "").strip().lower()
    for side in ("home", "away"):
        if told and told == values.get(f"{side}_team", "").strip().lower():
            return side
    if told not in _SIDES:
        raise Refusal(f"side {told[:20]!r} is not home, away, over or under")
    return _SIDES[told]


def joined_rows(columns: Map, first: dict[str, str], second: dict[str, str]) -> dict[str, str]:
    """The two rows of a game as one, by our names; refused if they are not one game's."""
    away, home = columns.row(first), columns.row(second)
    letters = (away.get("side", "").strip().lower()[:1], home.get("side", "").strip().lower()[:1])
    if letters not in (("v", "h"), ("a", "h"), ("n", "n")):
        raise Refusal("not the visitor's row (side V) with the home team's (H) next after it")
    if away.get("game_date") != home.get("game_date"):
        raise Refusal("the visitor's row and the home team's are of two dates")
    both = {name: text for name, text in home.items() if name not in (*_OF_TEAM, "side", "total")}
    for name, (of_away, of_home) in _OF_TEAM.items():
        if name in home:
            both[of_away], both[of_home] = away[name], home[name]
    if "total" in home:
        both["total"] = away["total"].strip() or home["total"]
    return both
