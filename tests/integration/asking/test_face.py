"""The memory of a data folder, as a program asks it: everything that needs no model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from memory import Memory
from memory.asking.export import export_of
from memory.errors import NotFoundError, UsageError
from memory.face import LONGEST_NOTE
from memory.record import queries
from memory.record import tables as t
from tests.support.book import AS_OF, Book, agent, ago, customer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def memory(book: Book, tmp_path: Path) -> Iterator[Memory]:
    """The folder of Mara, who told us of Ruth, and of two who share a number."""
    book.people(
        customer(phone="2125550101", email="mara@example.com"),
        customer("101", "Ellen", phone="2125550102"),
        customer("102", "Bo", phone="2125550102"),
        agent(email="daniel@acme.example"),
    )
    book.ticket("1")
    book.told("bereavement", "My friend Ruth died", relation="friend")
    book.told("access_need", "I am hard of hearing, please speak slowly", code="speak_slowly")
    book.told("interest", "I love sailing")
    with Memory.open(
        tmp_path, database_url=book.database_url, default_region="US", now=lambda: AS_OF
    ) as opened:
        yield opened


def _accesses(book: Book) -> list[tuple[str, str]]:
    return [(agent, what) for agent, _, what in book.seen()]


@pytest.mark.parametrize(
    "way",
    [
        {"phone": "(212) 555-0101"},
        {"email": "MARA@example.com"},
        {"customer": "zendesk:100"},
        {"ticket": "zendesk:1"},
    ],
)
def test_a_brief_by_any_way_to_look_up(memory: Memory, way: dict[str, Any]) -> None:
    """Unverified until said otherwise; the present is the clock's."""
    brief = memory.brief(**way)
    assert brief["customer"] is not None
    assert brief["customer"]["name"] == "Mara Lindqvist"
    assert (brief["verified"], brief["care"]) == (False, [])
    assert brief["as_of"] == "2026-07-07T09:00:00Z"
    assert [one["kind"] for one in memory.brief(**way, verified=True)["care"]] == ["bereavement"]


def test_who_is_said_in_exactly_one_way(memory: Memory) -> None:
    """None is no question, two may contradict each other."""
    both: dict[str, Any] = {"phone": "2125550101", "email": "mara@example.com"}
    for ways in ({}, both):
        with pytest.raises(UsageError, match="exactly one way"):
            memory.brief(**ways)


def test_asking_as_an_agent_and_of_another_day(memory: Memory, book: Book) -> None:
    """`agent` fills `you`; `as_of` moves the present."""
    book.contact("1", "11", 12.0)
    brief = memory.brief(customer="100", agent="daniel@acme.example", verified=True)
    assert brief["you"] is not None
    then = memory.brief(customer="100", as_of=ago(30), verified=True)
    assert (then["as_of"], then["context"]) == ("2026-06-07T09:00:00Z", [])
    with pytest.raises(UsageError, match="No agent"):
        memory.brief(customer="100", agent="nobody@acme.example")


def test_a_reveal_is_written_down_with_every_word_it_shows(memory: Memory, book: Book) -> None:
    """Who saw which memory: hidden words and the reason of a need, and no more than that."""
    hidden = memory.brief(customer="100", verified=True)
    assert _accesses(book) == []
    shown = memory.brief(customer="100", verified=True, reveal_to="lee")
    masked = {one["memory"]: one["quote"] for one in (*hidden["care"], *hidden["adjustments"])}
    newly = {
        one["memory"]
        for one in (*shown["care"], *shown["adjustments"])
        if one["quote"] != masked[one["memory"]]
    }
    assert len(newly) == 2
    assert sorted(_accesses(book)) == sorted(("lee", f"reveal:{one}") for one in newly)
    assert len(book.rows(t.access)) == len(newly)


def test_nothing_is_revealed_to_an_unverified_callers_agent(memory: Memory, book: Book) -> None:
    """And so nothing is written down."""
    brief = memory.brief(customer="100", reveal_to="lee")
    assert (brief["care"], _accesses(book)) == ([], [])


def test_a_note_is_in_the_next_brief(memory: Memory) -> None:
    """Cleaned, by whom, with its things to check; and it has an id."""
    note = memory.note(
        "  Spells it ?Lindquist. Card 4111 1111 1111 1111 ", customer="100", agent="11"
    )
    brief = memory.brief(customer="100", verified=True)
    (found,) = [one for one in brief["context"] if one["kind"] == "note"]
    assert found["memory"] == note
    assert found["quote"] is not None
    assert found["quote"].startswith("Spells it ?Lindquist. Card")
    assert "4111" not in str(brief)
    assert [one["what"] for one in brief["check"]] == ["Lindquist"]
    exported: Any = memory.export(customer="100")["notes"]
    assert exported[0]["agent"] == {"ref": "zendesk:11", "name": "Daniel Osei"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("x" * (LONGEST_NOTE + 1), "too long"),
        ("He goes to mosque on Fridays and is muslim", "never kept"),
    ],
)
def test_a_note_that_cannot_be_kept_is_refused(
    memory: Memory, book: Book, words: str, says: str
) -> None:
    """With what to write instead, without repeating it, and nothing is stored."""
    with pytest.raises(UsageError, match=says) as caught:
        memory.note(words, customer="100")
    assert caught.value.hint
    assert "mosque" not in str(caught.value.problem())
    assert book.rows(t.note) == []


def test_a_note_needs_somebody_to_be_about(memory: Memory) -> None:
    """An unknown customer is nothing found; an unknown agent is not understood."""
    with pytest.raises(NotFoundError):
        memory.note("Hello", customer="999")
    with pytest.raises(UsageError, match="No agent"):
        memory.note("Hello", customer="100", agent="999")


def test_an_export_by_any_way_to_look_up_is_the_same(memory: Memory, book: Book) -> None:
    """The document of whoever that is."""
    with book.record.reading() as connection:
        who = queries.person(connection, book.number, "100")
        expected = export_of(connection, book.view(), who)
    assert memory.export(phone="2125550101") == expected
    assert memory.export(email="mara@example.com") == expected
    assert memory.export(ticket="1") == expected


def test_an_export_is_of_one_known_person(memory: Memory) -> None:
    """Nobody is nothing found; of several the refs are named, not the people."""
    with pytest.raises(NotFoundError) as nobody:
        memory.export(phone="2125550199")
    assert "2125550199" not in str(nobody.value.problem())
    with pytest.raises(UsageError, match="zendesk:102, zendesk:101") as several:
        memory.export(phone="2125550102")
    assert "Ellen" not in str(several.value.problem())


def test_a_search_for_nothing_is_refused(memory: Memory) -> None:
    """Before any model is loaded."""
    with pytest.raises(UsageError, match="nothing to search for"):
        memory.recall("  ")


def test_one_of_several_accounts_must_be_named(memory: Memory, book: Book, tmp_path: Path) -> None:
    """The face asks one account; `status` tells of all."""
    other = Book(book.database_url, "zendesk:apex", "https://apex.zendesk.com")
    with pytest.raises(UsageError, match="several accounts"):
        memory.brief(customer="100")
    with Memory.open(
        tmp_path, database_url=book.database_url, account="zendesk:apex", now=lambda: AS_OF
    ) as named:
        assert named.brief(customer="100")["match"]["outcome"] == "none"
        assert [one["account"] for one in named.status()["accounts"]] == [
            "zendesk:acme",
            "zendesk:apex",
        ]
    other.record.close()


def test_a_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    """Customers' words are nobody else's on the machine."""
    home = tmp_path / "new" / "home"
    Memory.open(home).close()
    assert home.stat().st_mode & 0o077 == 0


def test_a_time_zone_that_is_none_is_named(tmp_path: Path) -> None:
    """With an example of one."""
    for name in ("Europe/Nowhere", "../etc/passwd", ""):
        with pytest.raises(UsageError, match="REMEMBER_TIME_ZONE") as caught:
            Memory.open(tmp_path, time_zone=name)
        assert "Europe/Berlin" in caught.value.hint
