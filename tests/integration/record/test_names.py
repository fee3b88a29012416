"""Customers are found by the beginnings of the words of their names, as long as they are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from memory.entities import Merge
from memory.record import Record
from memory.record import tables as t
from memory.record.names import people_by_beginning, people_by_name, words_of_name
from tests.support.book import Book, agent, ago, customer
from tests.support.older import make_older

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = {
    "100": "Mara Lindqvist",
    "101": "Máraid O'Brien-Lind",
    "102": "LINDA MARSH",
    "103": "田中太郎",
    "104": None,
}


@pytest.fixture
def known(book: Book) -> Book:
    """Customers of many names, and an agent called like one."""
    book.people(
        *(
            customer(key, name, phone=f"+12125550{key}", email=f"{key}@mail.example")
            for key, name in NAMES.items()
        )
    )
    book.people(agent("11", "Mara Osei"))
    return book


def _found(book: Book, words: str) -> set[str]:
    with book.record.reading() as connection:
        return {row.id for row in people_by_name(connection, book.number, words)}


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("mara", {"100", "101"}),
        ("MARA LIND", {"100", "101"}),
        ("lind mar", {"100", "101", "102"}),
        ("lindqvist", {"100"}),
        ("obrien", {"101"}),
        ("o'brien", {"101"}),
        ("田中", {"103"}),
        ("indqvist", set()),
        ("mara mara mara", {"100", "101"}),
        ("mara smith", set()),
        ("%", set()),
        ("_", set()),
        ("", set()),
        ("' OR 1=1 --", set()),
        ("x" * 500, set()),
    ],
    ids=range(15),
)
def test_a_name_is_found_by_beginnings_in_any_order(known: Book, words: str, who: set[str]) -> None:
    """Without accents or case; whoever has no name, or is an agent, is not found."""
    assert _found(known, words) == who


def test_a_long_name_is_found_by_its_beginning() -> None:
    """Words are cut to what anybody types, and a name is no poem."""
    assert words_of_name("Ä" * 200) == ["a" * 60]
    assert len(words_of_name(" ".join(map(str, range(100))))) == 12


def test_a_new_name_replaces_the_old_one(known: Book) -> None:
    """Also when somebody becomes an agent."""
    known.people(customer("100", "Mara Holm", updated_at=ago(1)))
    assert _found(known, "lindqvist") == set()
    assert _found(known, "holm") == {"100"}
    known.people(agent("100", "Mara Holm", updated_at=ago(0)))
    assert _found(known, "holm") == set()


def test_who_is_gone_is_not_found(known: Book) -> None:
    """Deleted: out of sight, and back when restored; merged: the other; erased: no word is left."""
    known.people(customer("100", "Mara Lindqvist", active=False, updated_at=ago(3)))
    assert _found(known, "lindqvist") == set()
    known.people(customer("100", "Mara Lindqvist", updated_at=ago(2)))
    assert _found(known, "lindqvist") == {"100"}
    known.store(merges=(Merge("102", "100"),))
    assert _found(known, "marsh") == set()
    known.people(customer("100", None, active=False, erased=True, updated_at=ago(1)))
    assert {row["person_id"] for row in known.rows(t.name_word)} == {"101", "103"}


def test_a_phone_or_address_is_found_by_its_beginning(known: Book) -> None:
    """In order; what comes after it does not matter."""
    with known.record.reading() as connection:
        phones = people_by_beginning(connection, known.number, "phone", "+12125550")
        emails = people_by_beginning(connection, known.number, "email", "103@")
    assert [row.id for row in phones] == ["100", "101", "102", "103", "104"]
    assert [row.id for row in emails] == ["103"]


def test_a_record_that_was_made_before_notes_its_names(
    known: Book, new_database: Callable[[], str]
) -> None:
    """What was stored before there were words of names is found all the same."""
    del new_database
    make_older(known.record, "0001")
    again = Record.open(known.database_url)
    again.close()
    assert _found(known, "lind mar") == {"100", "101", "102"}
