"""Two records of one person, as an agent says: one brief of both, until it is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from memory import Memory
from memory.errors import NotFoundError, UsageError
from tests.support.book import AS_OF, Book, agent, ago, customer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from memory.asking.document import Brief

MARA, MARAH, BO = "zendesk:100", "zendesk:101", "zendesk:102"
DANIEL = "zendesk:11"
PHONE = "+12125550101"


@pytest.fixture
def memory(book: Book, tmp_path: Path) -> Iterator[Memory]:
    """Mara, who is there twice with one phone, and Bo, who has it too."""
    book.people(
        customer(phone=PHONE),
        customer("101", "Marah Lindqvist", phone=PHONE),
        customer("102", "Bo", phone=PHONE),
        agent(),
    )
    book.ticket("1", at=ago(20))
    book.ticket("2", "101", at=ago(3))
    book.told("bereavement", "My friend Ruth died", relation="friend")
    book.told("interest", "I love sailing", ticket_id="2", customer_id="101", by="101")
    with Memory.open(
        tmp_path, database_url=book.database_url, default_region="US", now=lambda: AS_OF
    ) as opened:
        yield opened


def _refs(brief: Brief) -> list[str]:
    return [one["ref"] for one in brief["match"]["candidates"]]


def _known(brief: Brief) -> tuple[list[str | None], int, list[str]]:
    kinds = [one["kind"] for one in brief["care"]]
    return [one["quote"] for one in brief["context"]], len(brief["open"]), kinds


def test_those_who_are_one_stand_as_one_among_several(memory: Memory) -> None:
    """The one with the latest contact stands for both."""
    assert _refs(memory.brief(phone=PHONE)) == [BO, MARA, MARAH]
    memory.same_person(MARA, MARAH, agent=DANIEL)
    brief = memory.brief(phone=PHONE)
    assert brief["match"]["outcome"] == "several"
    assert _refs(brief) == [BO, MARAH]


def test_a_number_of_one_person_is_no_longer_shared(memory: Memory, book: Book) -> None:
    """The brief tells of both records, and names them."""
    book.people(customer("102", "Bo", active=False, updated_at=ago(1)))
    memory.same_person(MARAH, MARA)
    brief = memory.brief(ring="k1", phone=PHONE, verified=True)
    assert (brief["match"]["outcome"], _refs(brief)) == ("one", [MARAH, MARA])
    assert brief["customer"] is not None
    assert (brief["customer"]["ref"], brief["customer"]["contacts"]) == (MARAH, 2)
    assert _known(brief) == (["I love sailing"], 2, ["bereavement"])


@pytest.mark.parametrize("who", [MARA, MARAH])
def test_either_record_tells_of_both(memory: Memory, who: str) -> None:
    """Whichever ticket or page the agent has open; what each holds stays where it is."""
    memory.same_person(MARA, MARAH)
    brief = memory.brief(customer=who, verified=True)
    assert brief["customer"] is not None
    assert brief["customer"]["ref"] == who
    assert _known(brief) == (["I love sailing"], 2, ["bereavement"])
    assert len(memory.export(customer=who)["tickets"]) == 1  # type: ignore[arg-type]  # a list


def test_one_who_is_verified_is_verified_as_both(memory: Memory, book: Book) -> None:
    """What is revealed is written down of the record it stands in."""
    memory.same_person(MARA, MARAH)
    memory.verify(MARAH, call="ring:k1", agent=DANIEL, proof="link")
    brief = memory.brief(customer=MARA, ring="k1", call="ring:k1", agent=DANIEL)
    assert brief["verified"]
    (hidden,) = [one["memory"] for one in brief["care"]]
    shown = memory.reveal(hidden, customer=MARAH, call="ring:k1", agent=DANIEL, proof="link")
    assert shown["quote"] == "My friend Ruth died"
    assert book.seen("100") == [(DANIEL, "link", f"reveal:{hidden}")]


def test_it_can_be_taken_back(memory: Memory) -> None:
    """Then each is a person of their own again."""
    memory.same_person(MARA, MARAH)
    memory.different_person(MARA)
    assert _refs(memory.brief(phone=PHONE)) == [BO, MARA, MARAH]
    assert _known(memory.brief(customer=MARA, verified=True)) == ([], 1, ["bereavement"])


def test_one_who_is_deleted_tells_nothing_any_more(memory: Memory, book: Book) -> None:
    """Out of sight at once, as ever."""
    memory.same_person(MARA, MARAH)
    book.people(customer(active=False, updated_at=ago(1)))
    assert _known(memory.brief(customer=MARAH, verified=True)) == (["I love sailing"], 1, [])


def test_it_takes_two(memory: Memory) -> None:
    """Two who are there, and not one twice."""
    with pytest.raises(UsageError, match="one customer"):
        memory.same_person(MARA, MARA)
    with pytest.raises(NotFoundError):
        memory.same_person(MARA, "zendesk:999")
