"""An agent who would rather not be offered is not, until they say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from memory.entities import Page, Rating
from memory.errors import UsageError
from tests.support.book import agent, ago

if TYPE_CHECKING:
    from memory import Memory
    from tests.support.book import Book

MARA, DANIEL, LENA = "zendesk:100", "daniel@acme.example", "zendesk:12"


@pytest.fixture
def url(database_url: str) -> str:
    """On each database."""
    return database_url


@pytest.fixture
def asked(book: Book) -> Book:
    """Mara asked for Daniel, and rated Lena well."""
    book.people(agent("12", "Lena Hartwig", email="lena@acme.example"))
    book.told("agent_request", "I would rather speak to Daniel", code="11")
    ratings = [Rating(f"r{one}", one, "100", "12", "good", ago(5)) for one in ("1", "2")]
    book.store(ratings=tuple(ratings))
    return book


def _preferred(memory: Memory) -> Any:
    found = memory.brief(customer=MARA)["preferred_agent"]
    return found and (found["agent"]["ref"], found["reason"]["code"])


def test_who_declined_is_not_offered_and_the_next_reason_stands(
    asked: Book, memory: Memory
) -> None:
    """By e-mail or ref, and as often as it is said; of several only the one who said so."""
    assert asked.number
    assert _preferred(memory) == ("zendesk:11", "asked_by_name")
    memory.do_not_offer(DANIEL)
    memory.do_not_offer("zendesk:11")
    assert _preferred(memory) == (LENA, "rated")
    memory.do_not_offer(LENA)
    assert _preferred(memory) is None
    memory.offer_again(DANIEL)
    assert _preferred(memory) == ("zendesk:11", "asked_by_name")


def test_it_holds_when_the_helpdesk_lists_the_agent_again(asked: Book, memory: Memory) -> None:
    """What the helpdesk says of an agent says nothing of their wish."""
    memory.do_not_offer(DANIEL)
    newer = agent("11", "Daniel O. Osei", email=DANIEL, updated_at=ago(0))
    asked.store(Page(people=(newer,)))
    assert _preferred(memory) == (LENA, "rated")


def test_of_somebody_elses_ticket_the_rating_is_not_theirs(asked: Book, memory: Memory) -> None:
    """A ticket belongs to its requester of now, and with it its rating."""
    memory.do_not_offer(DANIEL)
    asked.ticket("2", "101", at=ago(8), version=2)
    assert _preferred(memory) is None


def test_only_agents_may_decline(asked: Book, memory: Memory) -> None:
    """A customer's ref and a stranger's e-mail are refused."""
    assert asked.number
    for nobody in (MARA, "nobody@acme.example"):
        with pytest.raises(UsageError, match="No agent"):
            memory.do_not_offer(nobody)
        with pytest.raises(UsageError, match="No agent"):
            memory.offer_again(nobody)
