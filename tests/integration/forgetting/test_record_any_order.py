"""Whatever a helpdesk tells after a forgetting, and in whatever order: nothing comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.entities import Identity, Merge, Page, Rating, Status
from memory.record.erasing import erase_person
from tests.integration.forgetting import life
from tests.support.book import AS_OF, Book, ago, customer, message, ticket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WHOSE = st.sampled_from([life.WHO, life.MERGED])
_ANYBODY = st.sampled_from([life.WHO, life.MERGED, life.OTHER, "4242009"])
_VERSIONS = st.integers(0, 9)
_DAYS = st.integers(-9, 400)

_PEOPLE = st.builds(
    lambda who, days, active, erased: Page(
        people=(
            customer(
                who,
                life.NAME,
                email=life.EMAIL,
                phone=life.PHONE,
                updated_at=ago(days),
                active=active,
                erased=erased,
            ),
        )
    ),
    _WHOSE,
    _DAYS,
    st.booleans(),
    st.booleans(),
)
_TICKETS = st.builds(
    lambda number, who, version, status: Page(
        tickets=(
            ticket(
                number,
                who,
                version=version,
                status=status,
                subject=f"{life.WORD} {version}",
                description=f"{life.WORD} first",
                submitter_id="11",
            ),
        )
    ),
    st.sampled_from([life.OWN, life.OWN_LATER, life.OF_MERGED]),
    _WHOSE,
    _VERSIONS,
    st.sampled_from(Status),
)
_MESSAGES = st.one_of(
    st.builds(
        lambda number, where, who: Page(
            messages=(message(f"x{number}", life.WORD, ticket_id=where, author_id=who),)
        ),
        _VERSIONS,
        st.sampled_from([life.OWN, life.OF_OTHER, life.GIVEN, "771099"]),
        _WHOSE,
    ),
    st.builds(  # an agent's words in a ticket of theirs
        lambda number, where: Page(
            messages=(message(f"y{number}", life.WORD, ticket_id=where, author_id="11"),)
        ),
        _VERSIONS,
        st.sampled_from([life.OWN, life.OWN_LATER, life.OF_MERGED]),
    ),
)
_REST = st.one_of(
    st.builds(
        lambda who: Page(identities=(Identity(who, "phone", life.PHONE),), identified=(who,)),
        _WHOSE,
    ),
    st.builds(lambda one, two: Page(merges=(Merge(one, two),)), _WHOSE, _ANYBODY),
    st.builds(lambda one: Page(merges=(Merge("4242009", one),)), _WHOSE),
    st.builds(
        lambda who, where: Page(ratings=(Rating("r9", where, who, "11", "bad", AS_OF),)),
        _WHOSE,
        st.sampled_from([life.OWN, life.OF_OTHER]),
    ),
    st.builds(lambda who: Page(gone_people=(who,)), _WHOSE),
    st.builds(
        lambda where: Page(stale_tickets=(where,), whole_tickets=(where,)),
        st.sampled_from([life.OWN, life.OF_OTHER]),
    ),
    st.sampled_from([life.pages()["calls"], life.LEGS]),
)


@pytest.fixture(scope="module")
def forgotten_book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """A record in which they are forgotten; what the examples store in it adds up."""
    folder: Path = tmp_path_factory.mktemp("forgotten")
    book = Book(folder)
    life.live(book)
    with book.record.writing(book.account) as writer:
        erase_person(writer.connection, book.number, life.WHO, reason="asked", at=AS_OF)
    with book.record.writing(book.account) as writer:
        connection = writer.connection
        connection.exec_driver_sql("DELETE FROM written")
    yield book
    book.record.close()


@settings(max_examples=40, deadline=None)
@given(pages=st.lists(st.one_of(_PEOPLE, _TICKETS, _MESSAGES, _REST), max_size=8))
def test_nothing_comes_back(forgotten_book: Book, pages: list[Page]) -> None:
    """Not their words nor their tickets', not how they are reached, nor their id."""
    for page in pages:
        forgotten_book.store(page)
    with forgotten_book.record.writing(forgotten_book.account) as writer:
        writer.settle(AS_OF)
    assert life.found(forgotten_book) == []
