"""A list by cursor and by offset."""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.demo.zendesk.paging import Listing, number
from connector.demo.zendesk.problems import RefusedError

PLAIN = st.lists(st.integers(1, 10**15), unique=True, max_size=40).map(sorted)
PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 99)), unique=True, max_size=40)
KEYS: Any = PLAIN | PAIRS.map(sorted)


def page(params: dict[str, str], keys: list[Any], *, reverse: bool) -> tuple[list[Any], Any]:
    """One page of `keys`."""
    return Listing("http://x", "/rows", params).page(keys, reverse=reverse)


def query(url: str) -> dict[str, str]:
    """The parameters of a URL."""
    return dict(parse_qsl(urlsplit(url).query))


@given(keys=KEYS, size=st.integers(1, 12), reverse=st.booleans())
def test_a_walk_forth_and_back_by_cursor_sees_each_row_once(
    keys: list[Any], *, size: int, reverse: bool
) -> None:
    """Forth until `has_more` ends, then back by `prev` from the last page on."""
    pages = [page({"page[size]": str(size)}, keys, reverse=reverse)]
    while pages[-1][1]["meta"]["has_more"]:
        pages.append(page(query(pages[-1][1]["links"]["next"]), keys, reverse=reverse))
    forth = [key for shown, _ in pages for key in shown]
    assert forth == (keys[::-1] if reverse else keys)
    back = [pages[-1]]
    while back[-1][1]["links"]["prev"]:
        back.append(page(query(back[-1][1]["links"]["prev"]), keys, reverse=reverse))
    assert [key for shown, _ in reversed(back) for key in shown] == forth


@given(keys=KEYS, size=st.integers(1, 12), reverse=st.booleans())
def test_a_walk_by_offset_sees_each_row_once(keys: list[Any], *, size: int, reverse: bool) -> None:
    """Until there is no next page; the count is that of all rows."""
    pages = [page({"per_page": str(size)}, keys, reverse=reverse)]
    while pages[-1][1]["next_page"]:
        pages.append(page(query(pages[-1][1]["next_page"]), keys, reverse=reverse))
    assert [key for shown, _ in pages for key in shown] == (keys[::-1] if reverse else keys)
    assert {frame["count"] for _, frame in pages} == {len(keys)}


def test_a_row_that_is_added_while_one_walks_moves_no_other() -> None:
    """A cursor stands behind a row, not at a number of rows."""
    _, frame = page({"page[size]": "2"}, [10, 20, 30], reverse=False)
    shown, _ = page(query(frame["links"]["next"]), [5, 10, 20, 30, 40], reverse=False)
    assert shown == [30, 40]


@given(st.text())
def test_any_cursor_is_followed_or_refused(cursor: str) -> None:
    """Never another failure."""
    with contextlib.suppress(RefusedError):
        shown, _ = page({"page[after]": cursor}, [1, 2, 3], reverse=False)
        assert set(shown) <= {1, 2, 3}


@pytest.mark.parametrize("told", ["", "-1", "1.5", "x", "\u0663", "9" * 40])
def test_a_number_is_a_whole_one(told: str) -> None:
    """What is none is refused, not guessed."""
    with pytest.raises(RefusedError):
        number({"n": told}, "n", 1)
