"""A walk through pages ends, whatever the helpdesk says."""

from __future__ import annotations

import pytest

from connector.errors import MalformedError
from connector.paging import Trail, query_value


def test_new_marks_are_passed_on() -> None:
    """A walk goes on as long as every mark is new."""
    trail = Trail("tickets")
    assert [trail.step(mark) for mark in "abc"] == ["a", "b", "c"]


@pytest.mark.parametrize("marks", ["aa", "aba", "abcb"])
def test_a_mark_that_comes_again_is_refused(marks: str) -> None:
    """However long the circle is."""
    trail = Trail("tickets")
    for mark in marks[:-1]:
        trail.step(mark)
    with pytest.raises(MalformedError, match="tickets"):
        trail.step(marks[-1])


def test_the_place_a_walk_began_counts_as_passed() -> None:
    """A resumed stream may not be sent back to where it resumed."""
    with pytest.raises(MalformedError):
        Trail("tickets", "here").step("here")


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://acme.zendesk.com/api/v2/x.json?cursor=abc%3D%3D&per_page=2", "abc=="),
        ("https://other.example/api?cursor=1", "1"),
        ("/api/v2/x?a=b", None),
        ("http://[broken/?cursor=1", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_only_a_links_parameter_is_taken(url: object, value: str | None) -> None:
    """Links may name any host or be no links at all."""
    assert query_value(url, "cursor") == value
