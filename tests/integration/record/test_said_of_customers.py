"""What agents say of customers and of themselves: who is one person, what helped, who is offered.

It follows merges, and goes with the person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from memory.entities import Merge
from memory.record import kept, of_agent, queries
from memory.record import tables as t
from memory.record.helped import say_helped
from memory.record.offers import do_not_offer, offer_again
from memory.record.same import same_among, same_people, say_different, say_same
from tests.support.book import AS_OF, Book, agent, ago, customer

if TYPE_CHECKING:
    from collections.abc import Callable

    from memory.record.writing import Writer


@pytest.fixture
def known(book: Book) -> Book:
    """Four customers and two agents."""
    names = {"100": "Mara", "101": "Mara L.", "102": "M. Lindqvist", "103": "Bo"}
    book.people(*(customer(key, name) for key, name in names.items()))
    book.people(agent(), agent("12", "Dana"))
    return book


def _write(book: Book, write: Callable[[Writer], None]) -> None:
    with book.record.writing(book.account) as writer:
        write(writer)


def _same(book: Book, *pairs: tuple[str, str]) -> None:
    for one, other in pairs:
        _write(
            book,
            lambda w, one=one, other=other: say_same(  # type: ignore[misc]  # its own values
                w.connection, book.number, one, other, agent_id="11", at=AS_OF
            ),
        )


def _people(book: Book, who: str) -> list[str]:
    with book.record.reading() as connection:
        return same_people(connection, book.number, who)


def _declined(book: Book, *to: str) -> list[str]:
    with book.record.reading() as connection:
        rows = queries.people(connection, book.number, ["11", "12"], to)
        return [row.id for row in rows if row.declined]


def _erase(book: Book, who: str) -> None:
    book.people(customer(who, None, active=False, erased=True, updated_at=ago(0)))


def test_nobody_is_anybody_else_until_it_is_said(known: Book) -> None:
    """Themselves first, and those who are the same as the same."""
    assert _people(known, "100") == ["100"]
    _same(known, ("101", "100"), ("101", "102"), ("100", "101"))
    assert _people(known, "100") == ["100", "101", "102"]
    assert _people(known, "102") == ["102", "101", "100"]
    assert _people(known, "103") == ["103"]
    assert len(known.rows(t.same_person)) == 2


def test_among_several_the_same_have_one_number(known: Book) -> None:
    """Those who are somebody outside of the list are not thereby one in it."""
    _same(known, ("100", "102"), ("101", "103"))
    with known.record.reading() as connection:
        found = same_among(connection, known.number, ["100", "101", "102"])
        assert same_among(connection, known.number, []) == {}
    assert found["100"] == found["102"] != found["101"]


def test_it_is_taken_back(known: Book) -> None:
    """Whoever is said to be different is nobody else; the others stay one."""
    _same(known, ("100", "101"), ("101", "102"))
    _write(known, lambda w: say_different(w.connection, known.number, "100"))
    assert _people(known, "100") == ["100"]
    assert _people(known, "101") == ["101", "102"]


def test_who_is_deleted_is_nobody_and_who_is_erased_was_nobody(known: Book) -> None:
    """A deleted customer is out of sight at once."""
    _same(known, ("100", "101"))
    known.people(customer("101", "Mara L.", active=False, updated_at=ago(1)))
    assert _people(known, "100") == ["100"]
    assert known.rows(t.same_person)
    _erase(known, "101")
    assert known.rows(t.same_person) == []


def test_a_merge_makes_of_two_one_and_keeps_the_third(known: Book) -> None:
    """What was said of the loser is said of the winner, and nobody is the same as themselves."""
    _same(known, ("100", "101"), ("100", "102"))
    known.store(merges=(Merge("100", "101"),))
    assert _people(known, "101") == ["101", "102"]
    assert len(known.rows(t.same_person)) == 1


def test_an_agent_is_not_offered_to_whom_they_say(known: Book) -> None:
    """To one customer, or to anybody; each is taken back by itself."""
    number = known.number
    _write(known, lambda w: do_not_offer(w.connection, number, "11", AS_OF, "100"))
    _write(known, lambda w: do_not_offer(w.connection, number, "11", AS_OF, "100"))
    assert _declined(known, "100") == ["11"]
    assert _declined(known, "101", "100") == ["11"]
    assert _declined(known, "101") == _declined(known) == []
    _write(known, lambda w: do_not_offer(w.connection, number, "11", AS_OF))
    _write(known, lambda w: offer_again(w.connection, number, "11", "100"))
    assert _declined(known, "100") == ["11"]
    _write(known, lambda w: offer_again(w.connection, number, "11"))
    assert _declined(known, "100") == []


def test_not_being_offered_follows_a_merge_and_goes_with_the_person(known: Book) -> None:
    """The winner may have been named, too."""
    number = known.number
    for who in ("100", "101"):
        _write(known, lambda w, who=who: do_not_offer(w.connection, number, "11", AS_OF, who))  # type: ignore[misc]  # its own value
    known.store(merges=(Merge("100", "101"),))
    assert _declined(known, "101") == ["11"]
    with known.record.reading() as connection:
        rows = of_agent.not_offered_to(connection, number, ["100", "101"])
        assert [tuple(row) for row in rows] == [("101", "11")]
    _erase(known, "101")
    assert known.rows(t.not_offered) == []


def test_what_helped_is_said_once_by_each(known: Book) -> None:
    """It follows a merge, and goes with the memory, the opt-out and the person."""
    known.ticket("1")
    first = known.told("interest", "I love sailing")
    second = known.told("interest", "I keep bees")
    third = known.told("interest", "I paint")

    def helped(memory_id: str, agent_id: str = "11") -> None:
        _write(
            known,
            lambda w: say_helped(
                w.connection,
                known.number,
                memory_id,
                customer_id="100",
                agent_id=agent_id,
                at=AS_OF,
            ),
        )

    for one in (first, first, second, third):
        helped(one)
    helped(first, "12")
    assert len(known.rows(t.helped)) == 4
    _write(
        known,
        lambda w: kept.correct(
            w.connection,
            known.number,
            [first],
            customer_id="100",
            verdict="unwanted",
            agent_id="11",
            at=AS_OF,
        ),
    )
    assert {row["memory_id"] for row in known.rows(t.helped)} == {second, third}
    known.store(merges=(Merge("100", "101"),))
    assert {row["customer_id"] for row in known.rows(t.helped)} == {"101"}
    _write(known, lambda w: kept.opt_out(w.connection, known.number, "101", AS_OF))
    assert known.rows(t.helped) == []
