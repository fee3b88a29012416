"""What is left of a forgotten person outside the record's rows goes, and that is certified."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from connector.cli.exporting import write_export
from connector.clock import SystemClock
from connector.doctor import examine
from connector.lock import hold
from connector.settings import Settings
from memory import Memory
from memory.errors import ForgottenError
from memory.forgetting import CHANGED_FILES, finish
from memory.record import forgotten, issues, traces
from memory.record import tables as t
from memory.remembering.drain import Remembering
from memory.remembering.indexing import heal, own, owned_index
from memory.workplace import Workplace
from tests.integration.forgetting.life import OF_OTHER, OTHER, TWIN, WHO, live
from tests.support.book import AS_OF, Book, agent, customer
from tests.support.databases import sqlite_url

if TYPE_CHECKING:
    from pathlib import Path

    from memory.record.certificates import Certificate

REF = f"zendesk:{WHO}"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """On SQLite; of a PostgreSQL server there is nothing more to remove than of rows."""
    return sqlite_url(tmp_path)


@pytest.fixture
def workplace(book: Book, tmp_path: Path) -> Workplace:
    """A data folder, and a record that holds something of them and of others; no index yet."""
    live(book)
    return Workplace(book.database_url, tmp_path / "index")


@pytest.fixture
def filled(book: Book, workplace: Workplace) -> Workplace:
    """The same with an index."""
    _fill(book, workplace)
    return workplace


def _fill(book: Book, place: Workplace) -> None:
    index = owned_index(place, book.account)
    heal(book.record, book.account, index)
    index.close()


def _indexed(book: Book, place: Workplace) -> tuple[set[str], set[str]]:
    """The issues in the index, and those in the record."""
    index = owned_index(place, book.account)
    try:
        with book.record.reading() as connection:
            return index.ids(), set(issues.ids(connection, book.number))
    finally:
        index.close()


def _forget(book: Book, workplace: Workplace) -> list[Certificate]:
    return finish(book.record, workplace, AS_OF, wait=False)


def test_nobody_was_forgotten(book: Book, filled: Workplace) -> None:
    """Nothing is done, and nothing is certified."""
    database = filled.index_folder / "chroma.sqlite3"
    before = database.stat()
    assert _forget(book, filled) == []
    assert (database.stat().st_ino, database.stat().st_mtime_ns) == (
        before.st_ino,
        before.st_mtime_ns,
    )
    assert not (filled.index_folder.parent / "certificates").exists()


def test_the_index_is_made_anew_for_everybody_else(
    book: Book, memory: Memory, filled: Workplace
) -> None:
    """Its files are others; it holds what the record holds, and they are certified once."""
    theirs, _ = _indexed(book, filled)
    database = filled.index_folder / "chroma.sqlite3"
    with database.open("rb") as before:  # held open, or the new one might be given its number
        memory.forget(customer=REF)
        done = _forget(book, filled)
        assert not os.path.samestat(os.fstat(before.fileno()), database.stat())
    assert forgotten.digest_of(book.account, WHO)[:16].hex() in {x["certificate"] for x in done}
    assert all(one["complete_at"] == "2026-07-07T09:00:00Z" for one in done)
    held, wanted = _indexed(book, filled)
    assert held == wanted
    assert held < theirs
    assert _forget(book, filled) == []


def test_of_whom_nothing_was_indexed_the_index_stays_as_it_is(
    book: Book, memory: Memory, filled: Workplace
) -> None:
    """Who never wrote costs no new index."""
    database = filled.index_folder / "chroma.sqlite3"
    with database.open("rb") as before:
        memory.forget(customer=f"zendesk:{TWIN}")
        assert len(_forget(book, filled)) == 1
        assert os.path.samestat(os.fstat(before.fileno()), database.stat())


def test_who_wrote_in_a_ticket_of_somebody_else_may_have_been_indexed(
    book: Book, memory: Memory, filled: Workplace
) -> None:
    """It may have been theirs before: what the index deleted then is still in its files."""
    book.say(OF_OTHER, "That was mine.", author_id=TWIN)
    database = filled.index_folder / "chroma.sqlite3"
    with database.open("rb") as before:  # held open, or the new one might be given its number
        memory.forget(customer=f"zendesk:{TWIN}")
        assert len(_forget(book, filled)) == 1
        assert not os.path.samestat(os.fstat(before.fileno()), database.stat())


def test_accounts_that_share_the_folder_get_their_issues_back(
    book: Book, filled: Workplace
) -> None:
    """The other account's index was lost with the files, and is filled again."""
    other = Book(book.database_url, "freshdesk:acme", "https://acme.freshdesk.com")
    other.people(customer(), agent())
    other.ticket("1")
    other.issue("1", "Roaming", vector=[1, 2])
    _fill(other, filled)
    Memory(book.record, filled, account=book.name).forget(customer=REF)
    _forget(book, filled)
    assert _indexed(other, filled) == ({"issue-1"}, {"issue-1"})
    held, wanted = _indexed(book, filled)
    assert held == wanted
    other.record.close()


def test_a_file_that_was_written_about_them_goes(
    book: Book, memory: Memory, workplace: Workplace, tmp_path: Path
) -> None:
    """Nor does the record know its name any more; a file that is gone already is no trouble."""
    document = memory.export(customer=REF)
    for name in ("one.json", "two.json"):
        write_export(memory, document, tmp_path / name, AS_OF)
    assert json.loads((tmp_path / "one.json").read_text()) == document
    (tmp_path / "two.json").unlink()
    memory.forget(customer=REF)
    done = _forget(book, workplace)
    assert not (tmp_path / "one.json").exists()
    assert not [one for one in book.rows(t.written) if "ellen" not in one["path"]]
    assert not any(CHANGED_FILES in one["outside"] for one in done)


def test_a_file_that_somebody_changed_stays_and_is_named_as_outside(
    book: Book,
    memory: Memory,
    workplace: Workplace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is not what was written; a kill between does not make the certificate forget it."""
    file = tmp_path / "changed.json"
    write_export(memory, memory.export(customer=REF), file, AS_OF)
    file.write_text("Somebody else's words.")
    memory.forget(customer=REF)
    with monkeypatch.context() as patch:
        patch.setattr("memory.forgetting.remove_traces", _killed)
        with pytest.raises(KeyboardInterrupt):
            _forget(book, workplace)
    assert traces.is_due(book.record)
    done = _forget(book, workplace)
    assert file.read_text() == "Somebody else's words."
    assert CHANGED_FILES in next(one["outside"] for one in done if one["counts"])


def _killed(_record: object, _at: object) -> bool:
    raise KeyboardInterrupt


def test_half_of_a_file_about_them_goes_too(
    book: Book,
    memory: Memory,
    workplace: Workplace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A kill while it was written left it; nobody else has written there since."""

    def killed_half_way(file: Path, body: bytes) -> None:
        file.write_bytes(body[: len(body) // 2])
        raise KeyboardInterrupt

    file = tmp_path / "half.json"
    document = memory.export(customer=REF)
    with monkeypatch.context() as patch:
        patch.setattr("connector.cli.exporting._write", killed_half_way)
        with pytest.raises(KeyboardInterrupt):
            write_export(memory, document, file, AS_OF)
    assert WHO.encode() in file.read_bytes()
    memory.forget(customer=REF)
    done = _forget(book, workplace)
    assert not file.exists()
    assert not any(CHANGED_FILES in one["outside"] for one in done)


def test_an_export_of_somebody_who_was_forgotten_meanwhile_is_not_written(
    memory: Memory, workplace: Workplace, tmp_path: Path
) -> None:
    """What was read before is thrown away."""
    assert workplace.index_url is None
    document = memory.export(customer=REF)
    memory.forget(customer=REF)
    with pytest.raises(ForgottenError):
        write_export(memory, document, tmp_path / "late.json", AS_OF)
    assert not (tmp_path / "late.json").exists()


def test_while_somebody_has_the_index_they_stay_due(
    book: Book, memory: Memory, workplace: Workplace
) -> None:
    """Whoever has it open does it, or the next start."""
    memory.forget(customer=REF)
    with ExitStack() as stack:
        own(workplace, stack)
        assert _forget(book, workplace) == []
        assert traces.is_due(book.record)
        assert finish(book.record, workplace, AS_OF, owned=True)
    assert not traces.is_due(book.record)


def test_whoever_remembers_does_it_with_the_index_it_owns(
    book: Book, memory: Memory, workplace: Workplace
) -> None:
    """It goes on with the new index."""
    with Remembering.open(workplace, book.name) as remembering:
        memory.forget(customer=REF)
        remembering.forget()
        assert not traces.is_due(book.record)
        with book.record.reading() as connection:
            assert remembering.index.ids() == set(issues.ids(connection, book.number))


def test_a_start_does_what_was_left(book: Book, memory: Memory, workplace: Workplace) -> None:
    """Opening what remembers is enough."""
    memory.forget(customer=REF)
    Remembering.open(workplace, book.name).close()
    assert not traces.is_due(book.record)


def test_the_doctor_says_of_whom_bytes_are_left(
    book: Book, memory: Memory, workplace: Workplace
) -> None:
    """And what removes them, while another process holds the folder."""
    memory.forget(customer=REF)
    settings = Settings(home=workplace.index_folder.parent)
    for done in (False, True):
        with hold(settings.folder, "sync", SystemClock()):
            found = {one.check: one.ok for one in examine(settings, workplace, {})}
        assert found["forgetting"] is done
        _forget(book, workplace)


def test_a_program_that_runs_can_see_that_somebody_was_forgotten_and_let_go_of_them(
    book: Book, memory: Memory, workplace: Workplace
) -> None:
    """What its connections have made of rows goes with them; it can be asked on."""
    assert memory.brief(customer=REF)["customer"] is not None
    before = traces.forgotten_so_far(book.record)
    memory.forget(customer=REF)
    after = traces.forgotten_so_far(book.record)
    assert before == (0, None)
    assert after[1] == AS_OF
    assert after[0] > 0
    pool = memory.record.engine.pool
    memory.let_go()
    assert memory.record.engine.pool is not pool
    assert memory.brief(customer=REF)["customer"] is None
    assert workplace.index_url is None


def test_whoever_reads_an_older_moment_keeps_it_from_ending(tmp_path: Path) -> None:
    """On SQLite the log cannot be emptied then; it is done once they have read."""
    book = Book(f"{sqlite_url(tmp_path)}?timeout=0.1")
    book.people(customer(WHO), customer(OTHER))
    workplace = Workplace(book.database_url, tmp_path / "index")
    with book.record.reading() as connection:
        forgotten.pending(connection, book.number)
        with book.record.writing(book.account) as writer:
            forgotten.put_down(writer.connection, book.number, [WHO], reason="asked", at=AS_OF)
        assert _forget(book, workplace) == []
    assert len(_forget(book, workplace)) == 1
    book.record.close()
