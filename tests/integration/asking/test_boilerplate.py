"""Macros, greetings and notices are no hits of a search and no part of an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import sqlalchemy as sa

from memory.asking.passages import passages_of
from memory.asking.recall import hits_for
from memory.record import of_customer
from memory.record import tables as t
from memory.record.shared import often_said, tickets_up_to
from memory.remembering.boilerplate import FEWEST_USES, ONE_IN, telling
from memory.text.sentences import spoken
from memory.text.vectors import digest
from tests.support.book import agent, customer

if TYPE_CHECKING:
    from tests.support.book import Book

MACRO = "We are happy to help you sail"


def _quotes(book: Book) -> list[str | None]:
    with book.record.reading() as connection:
        passages = passages_of(connection, book.view(), "100")
    vector = np.array([1, 0, 0], dtype=np.float32)
    hits = hits_for(book.view(), passages, "sailing", vector, 10)
    return [hit["quote"] for hit in hits]


def _parts(book: Book) -> list[str]:
    """The parts of Mara's issues whose words tell of her."""
    with book.record.reading() as connection:
        memories = of_customer.memories_of(connection, book.account.number, "100")
        rested = of_customer.evidence_of(
            connection, book.account.number, [row.id for row in memories]
        )
        return [row.part for row in telling(connection, book.account, rested)]


def _say_often(book: Book, words: str, times: int) -> None:
    """Count a sentence of an agent as used so many times in the account."""
    key = digest(book.account.key, spoken("agent", words))
    with book.record.writing(book.account) as writer:
        row = {"account": book.account.number, "digest": key, "data": b"12", "users": times}
        writer.connection.execute(sa.insert(t.vector), [row])


@pytest.fixture
def sea(book: Book) -> Book:
    """Mara sails; an agent greets her and everybody else in the same words."""
    book.people(customer(), agent(), *(customer(f"2{at:02}") for at in range(FEWEST_USES)))
    book.ticket("1")
    book.sentence("1", "I sail every Sunday", [1, 0, 0])
    book.sentence("1", MACRO, [1, 0, 0], author_id="11")
    return book


def test_what_agents_say_to_everybody_is_no_hit(sea: Book) -> None:
    """It is one until enough others were told the same; the customer's own words stay."""
    assert _quotes(sea) == ["I sail every Sunday", MACRO]
    for at in range(FEWEST_USES):
        sea.ticket(f"9{at:02}", f"2{at:02}")
        sea.sentence(f"9{at:02}", MACRO, [1, 0, 0], author_id="11")
    assert _quotes(sea) == ["I sail every Sunday"]


def test_who_says_the_same_every_week_tells_of_themselves(sea: Book) -> None:
    """One customer's sentence stays theirs, however often they say it."""
    for at in range(FEWEST_USES + 5):
        sea.ticket(f"8{at:02}")
        sea.sentence(f"8{at:02}", "The boat has no internet", [1, 0, 0])
    assert "The boat has no internet" in _quotes(sea)


def test_a_macro_is_no_resolution(sea: Book) -> None:
    """The issue keeps its title and what the customer said."""
    sea.issue("1", "Boat offline", restatement="The boat has no internet", resolution="All done.")
    assert _parts(sea) == ["title", "restatement", "resolution"]
    _say_often(sea, "All done.", FEWEST_USES)
    assert _parts(sea) == ["title", "restatement"]


def test_uses_and_tickets_are_counted_no_further_than_needed(sea: Book) -> None:
    """Rare sentences are left out, and tickets are counted up to a limit."""
    _say_often(sea, "All done.", FEWEST_USES * ONE_IN)
    keys = [digest(sea.account.key, spoken("agent", words)) for words in ("All done.", "Other.")]
    with sea.record.reading() as connection:
        number = sea.account.number
        assert often_said(connection, number, keys, FEWEST_USES) == {keys[0]: FEWEST_USES * ONE_IN}
        assert often_said(connection, number, keys, FEWEST_USES * ONE_IN + 1) == {}
        assert tickets_up_to(connection, number, 5) == 1
        assert tickets_up_to(connection, number, 0) == 0
