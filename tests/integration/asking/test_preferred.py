"""Whom a customer would rather speak to, from the rows of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from memory.entities import Merge, Page, Rating, Status
from tests.support.book import agent, ago, customer

if TYPE_CHECKING:
    from tests.support.book import Book


@pytest.fixture
def office(book: Book) -> Book:
    """Mara, Daniel Osei, Daniel Prakash and Lena."""
    book.people(customer(), agent(), agent("19", "Daniel Prakash"), agent("12", "Lena Hartwig"))
    return book


def _preferred(book: Book, **how: Any) -> tuple[str, str, int, int] | None:
    found = book.brief(**how)["preferred_agent"]
    if found is None:
        return None
    reason = found["reason"]
    return found["agent"]["ref"], reason["code"], reason["times"], reason["of"]


def _rated(book: Book, ticket_id: str, score: str, by: str | None = "12", days: float = 5) -> None:
    rating = Rating(f"r{ticket_id}-{days}", ticket_id, "100", by, score, ago(days))
    book.store(ratings=(rating,))


def test_of_two_of_a_name_the_one_they_know_is_meant(office: Book) -> None:
    """Whoever had talked with them by then; with neither of them known nobody is."""
    office.ticket("1", at=ago(30), assignee_id=None)
    office.ticket("2", at=ago(8), assignee_id=None)
    office.told("agent_request", "Can I get Daniel please", "2", code="11 19", at=ago(8))
    assert _preferred(office) is None
    office.contact("1", "19", at=ago(30))
    assert _preferred(office) == ("zendesk:19", "asked_by_name", 1, 1)
    assert office.brief()["preferred_agent"]["agent"]["name"] == "Daniel Prakash"  # type: ignore[index]


def test_good_ratings_prefer_whose_ticket_it_was(office: Book) -> None:
    """Two good and no bad one, up to the present; a deleted ticket's rating counts no more."""
    for one in ("1", "2", "3"):
        office.ticket(one, assignee_id=None)
        _rated(office, one, "good", by="12" if one != "3" else None)
    assert _preferred(office) == ("zendesk:12", "rated", 2, 3)
    assert _preferred(office, as_of=ago(6)) is None
    office.ticket("2", assignee_id=None, status=Status.DELETED, version=2)
    assert _preferred(office) is None


def test_ratings_of_whom_they_were_before_count(office: Book) -> None:
    """Tickets go with the merge, and their ratings with them."""
    office.people(customer("101"))
    for one in ("1", "2"):
        office.ticket(one, "101", assignee_id=None)
        office.store(ratings=(Rating(f"r{one}", one, "101", "12", "good", ago(5)),))
    office.store(Page(merges=(Merge("101", "100"),)))
    for one in ("1", "2"):
        office.ticket(one, "100", assignee_id=None, version=2)
    assert _preferred(office) == ("zendesk:12", "rated", 2, 2)


def test_who_solved_most_is_preferred_when_nothing_else_tells(office: Book) -> None:
    """The assignee of what is solved; what was solved later is not known yet."""
    for one, by in (("1", "12"), ("2", "12"), ("3", "19")):
        office.ticket(one, assignee_id=by, status=Status.SOLVED, solved_at=ago(4))
    office.ticket("4", assignee_id="19")
    assert _preferred(office) == ("zendesk:12", "solved", 2, 3)
    assert _preferred(office, as_of=ago(6)) is None
