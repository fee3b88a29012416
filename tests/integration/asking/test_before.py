"""What was solved before: problems, each with all the tickets about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from memory.entities import Status
from tests.support.book import agent, ago, customer

if TYPE_CHECKING:
    from tests.support.book import Book

HEAT, LIFT = [1.0, 0.0], [0.0, 1.0]


@pytest.fixture
def cold(book: Book) -> Book:
    """A customer whose heating failed twice, and whose lift failed once."""
    book.people(customer(), agent())
    book.ticket("1", status=Status.SOLVED, at=ago(90))
    book.issue("1", "No heat", restatement="No heat in the flat", vector=HEAT)
    book.ticket("2", status=Status.SOLVED, at=ago(60))
    book.issue("2", "Lift", restatement="The lift is stuck", vector=LIFT)
    book.ticket("3", status=Status.CLOSED, at=ago(30))
    book.issue(
        "3",
        "Radiator stone cold again",
        restatement="Every radiator is stone cold",
        resolution="I have sent a fitter",
        vector=HEAT,
    )
    return book


def _told(book: Book) -> list[tuple[str, int, str, list[str]]]:
    return [
        (one["title"], one["times"], one["outcome"], one["tickets"])
        for one in book.brief()["before"]
    ]


def test_a_problem_told_in_other_words_is_one_entry(cold: Book) -> None:
    """Called by its latest title, with how often, since when and how it ended last."""
    heat, lift = cold.brief()["before"]
    assert (heat["title"], heat["times"]) == ("Radiator stone cold again", 2)
    assert (heat["first_on"], heat["last_on"]) == ("2026-04-08", "2026-06-07")
    assert heat["tickets"] == ["zendesk:1", "zendesk:3"]
    assert heat["resolution"] == "I have sent a fitter"
    assert (lift["title"], lift["times"]) == ("Lift", 1)


def test_a_problem_that_is_open_again_was_solved_before(cold: Book) -> None:
    """Its solved tickets are counted; the open one stands behind them, and among the open."""
    cold.ticket("4", at=ago(1))
    cold.issue("4", "Cold", restatement="Heating is off again", vector=HEAT, code="open")
    assert _told(cold) == [
        ("Radiator stone cold again", 2, "open", ["zendesk:1", "zendesk:3", "zendesk:4"]),
        ("Lift", 1, "solved", ["zendesk:2"]),
    ]
    assert [one["ticket"] for one in cold.brief()["open"]] == ["zendesk:4"]


def test_an_open_ticket_that_came_before_it_was_solved_is_not_back(cold: Book) -> None:
    """Two tickets about one problem, one of them never closed."""
    cold.ticket("0", at=ago(95))
    cold.issue("0", "No heat", restatement="No heat in the flat", vector=HEAT, code="open")
    heat = next(one for one in _told(cold) if one[1] == 2)
    assert heat[2:] == ("open", ["zendesk:1", "zendesk:3"])


def test_a_title_that_names_nothing_gives_way_to_one_that_does(cold: Book) -> None:
    """A ticket called help would tell the agent nothing."""
    cold.ticket("4", status=Status.SOLVED, at=ago(1))
    cold.issue("4", "Help", restatement="The heating is off again", vector=HEAT)
    assert _told(cold)[0][:2] == ("Radiator stone cold again", 3)


def test_a_hidden_title_stands_alone(cold: Book) -> None:
    """To group it would tell what it is about."""
    cold.ticket("4", status=Status.SOLVED, at=ago(1))
    cold.issue("4", "No heat", restatement="No heat", vector=HEAT, sensitive=True)
    assert [(times, tickets) for _, times, _, tickets in _told(cold)] == [
        (1, ["zendesk:4"]),
        (2, ["zendesk:1", "zendesk:3"]),
        (1, ["zendesk:2"]),
    ]


def test_what_is_not_yet_said_by_then_is_in_no_group(cold: Book) -> None:
    """A brief of the past knows only its own past."""
    (entry,) = cold.brief(as_of=ago(70))["before"]
    assert (entry["tickets"], entry["times"]) == (["zendesk:1"], 1)
