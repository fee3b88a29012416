"""One thing told in other words: what the record gives to find it by, and what that costs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from tests.support.book import agent, ago, customer

if TYPE_CHECKING:
    from tests.support.book import Book


@pytest.fixture
def told(book: Book) -> Book:
    """A customer with one ticket."""
    book.people(customer(), agent())
    book.ticket("1")
    return book


def test_a_hobby_told_in_other_words_is_one_item(told: Book) -> None:
    """By what the sentences mean, as the record has it; a day that has passed is not its day."""
    for days, words, vector, about in (
        (30, "I went birdwatching on 4 June", [1.0, 0.0], date(2026, 6, 4)),
        (20, "I bake bread", [-1.0, 0.0], None),
        (3, "I watch birds all day", [0.8, 0.6], None),
    ):
        told.told("interest", words, at=ago(days), about_on=about, vector=vector)
    birds, bread = told.brief()["context"]
    assert [one["quote"] for one in birds["evidence"]] == [
        "I watch birds all day",
        "I went birdwatching on 4 June",
    ]
    assert (birds["about_on"], bread["quote"]) == (None, "I bake bread")


def test_what_was_told_and_noted_of_one_day_is_one_item(told: Book) -> None:
    """In the customer's words and the agent's, with the day once."""
    wedding: dict[str, Any] = {"about_on": date(2026, 7, 10), "at": ago(3)}
    told.told("life_event", "My girl marries", relation="child", vector=[1.0, 0.0], **wedding)
    note: dict[str, Any] = {"by": "11", "customer_id": "100", "public": False}
    told.told("life_event", "Wedding Friday", vector=[0.8, 0.6], **note, **wedding)
    (one,) = told.brief()["context"]
    assert (one["relation"], one["about_on"]) == ("child", "2026-07-10")
    assert [said["author"]["role"] for said in one["evidence"]] == ["agent", "customer"]


def test_meanings_are_read_where_two_are_compared(told: Book) -> None:
    """A customer who told of one hobby, or of two moves, costs no further question."""
    told.told("interest", "I sail", vector=[1.0, 0.0])
    told.told("life_event", "We moved", code="moved", about_on=date(2026, 7, 1))
    alone = _selects(told)
    told.told("interest", "I knit", vector=[0.0, 1.0])
    assert _selects(told) == alone + 1


def _selects(book: Book) -> int:
    """How many questions a brief puts to the record."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(book.record.engine, "before_cursor_execute", note)
    book.brief()
    event.remove(book.record.engine, "before_cursor_execute", note)
    return len(asked)
