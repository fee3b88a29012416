"""What an agent may say, from the record and the house's own file to the printed line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from memory import Memory
from memory.asking.wording import FILE, packaged
from memory.entities import Call, Status
from memory.errors import UsageError
from tests.support.book import AS_OF, ago, customer
from tests.support.command import remember
from tests.support.databases import sqlite_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.book import Book

PHONE = "+12125550101"
DROPS = [1.0, 0.0]


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Nothing here depends on the database."""
    return sqlite_url(tmp_path)


@pytest.fixture
def memory(book: Book, tmp_path: Path) -> Iterator[Memory]:
    """Mara, whose router was seen to nine days ago."""
    book.people(customer(phone=PHONE))
    book.ticket("1", status=Status.SOLVED, subject="Router drops")
    book.issue("1", "Router drops", restatement="It drops every evening", vector=DROPS)
    with Memory.open(tmp_path, now=lambda: AS_OF) as opened:
        yield opened


def _situations(memory: Memory, **ask: object) -> list[str]:
    found = memory.brief(**{"phone": PHONE, "verified": True, **ask})  # type: ignore[arg-type]
    return [one["situation"] for one in found["suggestions"]]


def test_after_a_solved_issue_one_asks_how_it_has_worked(memory: Memory) -> None:
    """Once verified; before that only who is calling is asked."""
    assert _situations(memory) == ["after_solved", "ask_to_note"]
    assert _situations(memory, verified=False) == ["unverified"]
    assert _situations(memory, phone="anonymous") == ["hidden_number"]
    assert _situations(memory, phone="+12125550199") == ["unknown_caller"]


def test_of_a_sad_matter_nothing_is_asked(book: Book, memory: Memory) -> None:
    """However long ago it was solved, and with whatever words it was told."""
    book.ticket("2", status=Status.SOLVED, subject="Cancel my late husband's line", at=ago(3))
    book.issue("2", "Cancel my late husband's line", restatement="Please cancel it", at=ago(3))
    assert _situations(memory) == []


def test_what_has_come_back_is_said_to_have(book: Book, memory: Memory) -> None:
    """The open ticket of a problem that was solved before; how it worked is not asked then."""
    book.ticket("4", subject="Router drops again", at=ago(2))
    told = "It drops every evening again"
    book.issue("4", "Router drops again", restatement=told, vector=DROPS, at=ago(2))
    assert _situations(memory) == ["same_problem_again"]


def test_what_was_missed_is_said_sorry_for(book: Book, memory: Memory) -> None:
    """A call nobody answered since."""
    book.ticket("3", at=ago(1))
    book.say("3", "Missed call", at=ago(1), call=Call("inbound", missed=True))
    assert "missed_calls" in _situations(memory)


def test_a_house_has_words_of_its_own(memory: Memory, tmp_path: Path) -> None:
    """Read again when the file changes; without the file all is as before."""
    before = memory.brief(phone=PHONE, verified=True)["suggestions"]
    (tmp_path / FILE).write_text(
        '[after_solved]\nsay = []\n[[resources]]\nname = "Router guide"\nwords = ["router"]\n'
    )
    assert _situations(memory) == ["resource", "ask_to_note"]
    (tmp_path / FILE).unlink()
    assert memory.brief(phone=PHONE, verified=True)["suggestions"] == before


def test_a_file_that_is_wrong_fails_every_brief_and_says_where(
    memory: Memory,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit 2 with the field, before anything is looked up or revealed."""
    (tmp_path / FILE).write_text('[after_solved]\nsay = ["And {what}?"]\n')
    with pytest.raises(UsageError, match=r"after_solved\.say, entry 1"):
        memory.brief(phone=PHONE)
    monkeypatch.setenv("REMEMBER_HOME", str(tmp_path))
    assert remember("brief", "--phone", PHONE, "--json") == 2
    assert "after_solved.say, entry 1" in capsys.readouterr().err


def test_it_is_printed_last(
    memory: Memory,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As a sentence in quotation marks."""
    assert memory.account.name == "zendesk:acme"
    monkeypatch.setenv("REMEMBER_HOME", str(tmp_path))
    assert remember("brief", "--phone", "anonymous") == 5
    told = capsys.readouterr().out.splitlines()
    assert told[-1].removeprefix('Say: "').rstrip('"') in packaged().sentences["hidden_number"]
