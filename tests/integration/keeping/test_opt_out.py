"""Who opts out is kept nothing of but issues, now and from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from memory.entities import Merge, Page
from memory.errors import NotFoundError, UsageError
from memory.record import tables as t

if TYPE_CHECKING:
    from memory import Memory
    from tests.support.book import Book

MARA, ELLEN = "zendesk:100", "zendesk:101"
VECTOR = [1.0, *[0.0] * 383]


@pytest.fixture
def url(database_url: str) -> str:
    """On each database."""
    return database_url


@pytest.fixture
def told(book: Book, memory: Memory) -> Book:
    """Mara told and was noted much; so was Ellen."""
    book.issue("1", "Router drops", restatement="My router drops", vector=VECTOR)
    book.told("interest", "I love sailing")
    book.told("contact_rule", "Never ring before ten", ticket_id="2")
    book.told("health", "My knee hurts", ticket_id="3", by="101", customer_id="101")
    book.told("work", "She works nights", ticket_id="3", by="11", public=False, customer_id="100")
    book.sentence("2", "I sail every Sunday", VECTOR)
    book.never_kept("2", 2)
    memory.note("prefers mornings", customer=MARA)
    memory.note("has two lines", customer=ELLEN)
    return book


def _kinds(book: Book, customer_id: str) -> set[str]:
    return {row["kind"] for row in book.rows(t.memory) if row["customer_id"] == customer_id}


def test_what_is_personal_goes_and_issues_stay(told: Book, memory: Memory) -> None:
    """In whichever ticket it was said, and whoever noted it."""
    memory.opt_out(MARA)
    assert _kinds(told, "100") == {"issue"}
    assert [row["customer_id"] for row in told.rows(t.note)] == ["101"]
    assert [row["count"] for row in told.rows(t.never_kept)] == []
    assert told.rows(t.sentence) == []
    assert not {"sailing", "mornings", "nights"} & set(str(told.rows(t.evidence)).split())
    brief = told.brief()
    assert (brief["adjustments"], brief["care"], brief["context"]) == ([], [], [])


def test_nobody_else_loses_anything(told: Book, memory: Memory) -> None:
    """Other customers' memories and notes are as they were."""
    memory.opt_out(MARA)
    assert _kinds(told, "101") == {"health"}
    assert [row["text"] for row in told.rows(t.note)] == ["has two lines"]


def test_the_tickets_are_remembered_again(told: Book, memory: Memory) -> None:
    """So that nothing which is being derived at this moment stays."""
    memory.opt_out(MARA)
    assert sorted(told.waiting()) == ["1", "2", "3"]


def test_nothing_is_noted_of_who_opted_out(told: Book, memory: Memory) -> None:
    """The agent is told so; once they are back in, it is noted as before."""
    memory.opt_out(MARA)
    with pytest.raises(UsageError, match="opted out"):
        memory.note("rings often", customer=MARA)
    memory.opt_in(MARA)
    memory.note("rings often", customer=MARA)
    assert {row["text"] for row in told.rows(t.note)} == {"has two lines", "rings often"}


def test_opting_out_twice_keeps_since_when(told: Book, memory: Memory) -> None:
    """And opting in takes it back, with the tickets remembered anew."""
    memory.opt_out(MARA)
    [first] = told.rows(t.opt_out)
    memory.opt_out(MARA)
    assert told.rows(t.opt_out) == [first]
    told.drain()
    memory.opt_in(MARA)
    assert told.rows(t.opt_out) == []
    assert sorted(told.waiting()) == ["1", "2"]


def test_vectors_without_a_user_go(told: Book, memory: Memory) -> None:
    """Those that nobody else needs."""
    memory.opt_out(MARA)
    assert [row["users"] for row in told.rows(t.vector)] == [1]


def test_nobody_unknown_opts_out(memory: Memory) -> None:
    """There has to be such a customer."""
    with pytest.raises(NotFoundError):
        memory.opt_out("zendesk:999")
    with pytest.raises(NotFoundError):
        memory.opt_in("zendesk:999")


@pytest.mark.parametrize("who", [MARA, ELLEN])
def test_of_merged_customers_either_may_have_opted_out(
    told: Book, memory: Memory, who: str
) -> None:
    """They are one person who did: nothing personal stays of the loser or of the winner."""
    memory.opt_out(who)
    told.store(Page(merges=(Merge("101", "100"),)))
    assert [row["customer_id"] for row in told.rows(t.opt_out)] == ["100"]
    assert {row["kind"] for row in told.rows(t.memory)} <= {"issue"}
    assert told.rows(t.note) == []


def test_notes_and_corrections_follow_a_merge(told: Book, memory: Memory) -> None:
    """They are the winner's from then on."""
    knee = next(row["id"] for row in told.rows(t.memory) if row["kind"] == "health")
    memory.correct(knee, "wrong")
    told.store(Page(merges=(Merge("101", "100"),)))
    assert {row["customer_id"] for row in told.rows(t.note)} == {"100"}
    assert {row["customer_id"] for row in told.rows(t.correction)} == {"100"}
