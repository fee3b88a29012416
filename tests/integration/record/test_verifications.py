"""Who was verified as a caller: by one agent, in one call, for a while, and through a merge."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from memory.entities import Merge
from memory.record import tables as t
from memory.record.verifications import AFTER_THE_CALL, LONGEST, is_verified, verify
from tests.support.book import AS_OF, Book, agent, ago, customer

if TYPE_CHECKING:
    from datetime import datetime

CALL, OTHER_CALL = "ring:k1", "ticket:7"


@pytest.fixture
def known(book: Book) -> Book:
    """Mara and Ellen, and two agents."""
    book.people(customer(), customer("101", "Ellen"), agent(), agent("12", "Dana"))
    return book


def _verify(book: Book, at: datetime = AS_OF, **more: Any) -> datetime:
    told = {"customer_id": "100", "call": CALL, "agent_id": "11", **more}
    with book.record.writing(book.account) as writer:
        return verify(writer.connection, book.number, at=at, **told)


def _holds(book: Book, at: datetime = AS_OF, *, who: str = "100", **more: Any) -> bool:
    told = {"call": CALL, "agent_id": "11", **more}
    with book.record.reading() as connection:
        return is_verified(connection, book.number, [who], at=at, **told)


def _ring(book: Book, ended_at: datetime | None) -> None:
    row = {
        "account": book.number,
        "id": "k1",
        "provider": "generic",
        "call_id": "c1",
        "direction": "inbound",
        "state": "ended" if ended_at else "answered",
        "agents": ["11"],
        "members": [],
        "agent_id": "11",
        "customer_id": "100",
        "at": ago(0.01),
        "ended_at": ended_at,
        "sequence": 1,
    }
    with book.record.writing(book.account) as writer:
        writer.connection.execute(t.ring.delete())
        writer.connection.execute(t.ring.insert().values(row))


def test_it_holds_for_this_customer_agent_and_call_alone(known: Book) -> None:
    """Another agent, call, customer or account has to find out for themselves."""
    assert not _holds(known)
    assert _verify(known) == AS_OF + LONGEST
    assert _holds(known)
    assert not _holds(known, agent_id="12")
    assert not _holds(known, call=OTHER_CALL)
    assert not _holds(known, who="101")
    known.record.add_account("zendesk:apex", "https://apex.zendesk.com")
    with known.record.reading() as connection:
        other = known.record.account("zendesk:apex").number
        assert not is_verified(connection, other, ["100"], call=CALL, agent_id="11", at=AS_OF)


def test_it_is_over_after_two_hours_and_is_swept(known: Book) -> None:
    """The moment it ends it holds no more; who verifies next takes it out of the record."""
    _verify(known)
    assert _holds(known, AS_OF + LONGEST - timedelta(seconds=1))
    assert not _holds(known, AS_OF + LONGEST)
    _verify(known, AS_OF + LONGEST, customer_id="101")
    assert [row["customer_id"] for row in known.rows(t.verification)] == ["101"]


def test_it_is_over_half_an_hour_after_the_ring_ended(known: Book) -> None:
    """Whether the end was known when the caller was verified, or came later."""
    _ring(known, None)
    assert _verify(known) == AS_OF + LONGEST
    ended = AS_OF + timedelta(minutes=5)
    _ring(known, ended)
    assert _holds(known, ended + AFTER_THE_CALL - timedelta(seconds=1))
    assert not _holds(known, ended + AFTER_THE_CALL)
    assert _verify(known, ended) == ended + AFTER_THE_CALL


def test_of_a_call_that_ended_long_ago_nothing_is_written(known: Book) -> None:
    """There is nobody on the line."""
    _ring(known, AS_OF - AFTER_THE_CALL)
    assert _verify(known) == AS_OF
    assert known.rows(t.verification) == []
    assert not _holds(known)


def test_it_follows_a_merge_and_goes_with_the_person(known: Book) -> None:
    """The caller is who they are now; of an erased person nothing is left."""
    _verify(known)
    _verify(known, customer_id="101", at=AS_OF + timedelta(minutes=1))
    known.store(merges=(Merge("100", "101"),))
    assert _holds(known, who="101")
    assert [row["customer_id"] for row in known.rows(t.verification)] == ["101"]
    known.people(customer("101", None, active=False, erased=True, updated_at=ago(0)))
    assert known.rows(t.verification) == []


def test_an_erased_agent_has_verified_nobody(known: Book) -> None:
    """What names them goes with them."""
    _verify(known)
    known.people(agent("11", None, active=False, erased=True, updated_at=ago(0)))
    assert known.rows(t.verification) == []
