"""Names and texts in SQL: quoted where they must be, and short enough to stay what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlb_perf.names import LONGEST_NAME, literal, qualified, quote, shell_word, shortened


@pytest.mark.parametrize(
    ("name", "quoted"),
    [("teams", "teams"), ("My Schema", '"My Schema"'), ('a"b', '"a""b"'), ("select", '"select"'),
     ("100%", '"100%"'), ("Teams", '"Teams"'), ("1st", '"1st"')],
)  # fmt: skip
def test_a_name_is_quoted_where_it_must_be(name: str, quoted: str) -> None:
    assert quote(name) == quoted


def test_qualified_names() -> None:
    assert qualified("curated", "teams") == "curated.teams"
    assert qualified("My Schema", 'a"b') == '"My Schema"."a""b"'


def test_literals() -> None:
    assert literal("it's") == "'it''s'"
    assert literal(None) == "NULL"


def test_a_name_that_fits_is_kept() -> None:
    longest = "x" * (LONGEST_NAME - 4)
    assert shortened(longest, "_key") == f"{longest}_key"


names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)


@given(names, st.sampled_from(["", "_key", "_2026_07"]))
def test_a_short_name_has_at_most_63_bytes_and_its_suffix(stem: str, suffix: str) -> None:
    """Bytes, as PostgreSQL counts them: a letter with an accent has two."""
    short = shortened(stem * 20, suffix)
    assert len(short.encode()) <= LONGEST_NAME
    assert short.endswith(suffix)


def test_two_long_names_stay_two() -> None:
    stem = "ix_betting_lines_unified_game_id_sportsbook_id_market_type_side"
    assert shortened(f"{stem}_first_seen_at") != shortened(f"{stem}_last_seen_at")


def test_a_name_on_a_command_line() -> None:
    assert [shell_word(name) for name in ("curated.teams", "it's", "a b")] == [
        "curated.teams", "'it'\"'\"'s'", "'a b'",
    ]  # fmt: skip
