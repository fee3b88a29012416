"""`remember forget` and `remember allow`: what they print, and what they leave with."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from memory.record import tables as t
from tests.integration.forgetting import life
from tests.support.book import customer

if TYPE_CHECKING:
    from tests.integration.forgetting.conftest import Run
    from tests.support.book import Book

REF = f"zendesk:{life.WHO}"


@pytest.fixture
def lived(book: Book) -> Book:
    """The record with them in it."""
    life.live(book)
    with book.record.writing(book.account) as writer:  # what it names was never written there
        writer.connection.execute(t.written.delete().where(t.written.c.account == book.number))
    return book


def test_without_yes_it_shows_what_would_go_and_refuses(run: Run, lived: Book) -> None:
    """Nobody is asked back where nobody sits; exit code 2, and nothing has changed."""
    before = life.held(lived)
    told = run("forget", "--customer", REF)
    assert told.code == 2
    assert "tickets\t3" in told.out
    assert "With them those merged into them: zendesk:4242002." in told.out
    assert "Agents say that they are the same person, and stay: zendesk:5102." in told.out
    assert "Stays, being outside: backups" in told.out
    assert "Nobody was forgotten" in told.err
    assert "--yes" in told.err
    assert life.held(lived) == before


@pytest.mark.parametrize("answer", ["y", "n"])
def test_at_a_terminal_it_asks(run: Run, lived: Book, tmp_path: Path, answer: str) -> None:
    """Somebody sits there, sees what would go, and says yes or no."""
    del run  # it has set where the record is
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [Path(sys.executable).with_name("remember"), "forget", "--customer", REF],
        cwd=tmp_path,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.write(ours, f"{answer}\n".encode())
        assert process.wait() == (0 if answer == "y" else 2)
    os.close(theirs)
    told = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "Stays, being outside: backups" in told
    assert "Forget them for good?" in told
    is_left = life.WHO in {row["id"] for row in lived.rows(t.person)}
    assert is_left == ("Nobody was forgotten" in told) == (answer == "n")


def test_a_dry_run_lists_and_is_done(run: Run, lived: Book) -> None:
    """Exit code 0; as JSON one document with counts, files and what is outside."""
    before = life.held(lived)
    told = run("forget", "--phone", life.PHONE, "--dry-run", "--json")
    assert told.code == 0, told.err
    assert told.document["customer"] == REF
    assert told.document["counts"]["tickets"] == 3
    assert {"what": "backups", "tickets": [], "notes": []} in told.document["outside"]
    assert run("forget", "--phone", life.PHONE, "--dry-run", "--yes").code == 0
    assert life.held(lived) == before


def test_with_yes_they_are_forgotten_and_certified(run: Run, lived: Book, tmp_path: Path) -> None:
    """Whole, in one run: the certificate says when it was complete, and lies in the folder."""
    told = run("forget", "--email", life.EMAIL, "--yes", "--json")
    assert told.code == 0, told.err
    document = told.document
    assert document["complete_at"] is not None
    assert (document["customer"], document["before"]) == (REF, False)
    file = tmp_path / "certificates" / f"{document['certificate']}.json"
    kept = json.loads(file.read_text())
    assert kept == {key: document[key] for key in kept}
    assert kept.keys() == {
        *("version", "account", "certificate", "reason", "accepted_at", "complete_at"),
        *("counts", "outside"),
    }
    assert not any(mark in file.read_text() for mark in life.MARKS)
    assert life.found(lived) == []
    again = run("forget", "--customer", REF, "--yes")
    assert again.code == 0
    assert f"{REF} was forgotten already, since " in again.out
    assert document["certificate"] in again.out
    assert run("brief", "--customer", REF, "--json").code == 5
    refused = run("note", "Likes tea", "--customer", REF)
    assert refused.code == 5
    assert refused.err.startswith("Forgotten.")


def test_when_the_folder_is_held_its_holder_removes_the_bytes(
    run: Run, lived: Book, tmp_path: Path
) -> None:
    """They are out of sight all the same; who holds the folder is named. Then it is caught up."""
    with FileLock(tmp_path / "lock"):
        told = run("forget", "--customer", REF, "--yes")
        assert told.code == 0, told.err
        assert "The data folder is in use by another process." in told.out
        assert "It removes the last bytes of theirs." in told.out
        assert run("brief", "--customer", REF).code == 5
        waiting = run("allow", REF)
        assert waiting.code == 2
        assert "not wholly forgotten yet" in waiting.err
    done = run("forget", "--customer", REF, "--yes", "--json")
    assert (done.code, done.document["before"]) == (0, True)
    assert done.document["complete_at"] is not None
    assert life.found(lived) == []


def test_what_is_shared_or_unknown_is_refused(run: Run, lived: Book) -> None:
    """Exit codes 2 and 5, as of every command."""
    twin = customer("4242007", "Quillon", phone=life.PHONE)
    lived.people(twin)
    shared = run("forget", "--phone", life.PHONE, "--yes")
    assert shared.code == 2
    assert f"{REF}, zendesk:4242007" in shared.err
    assert run("forget", "--customer", "zendesk:999", "--yes").code == 5
    assert run("forget", "--yes").code == 2
    assert run("allow", "zendesk:999").code == 5


def test_who_is_allowed_may_come_back(run: Run, lived: Book) -> None:
    """With the next full reading of the helpdesk, as it says."""
    assert run("forget", "--customer", REF, "--yes").code == 0
    told = run("allow", REF, "--json")
    assert (told.code, told.document) == (
        0,
        {"version": 1, "account": "zendesk:acme", "allowed": REF},
    )
    lived.store(life.pages()["people"])
    assert run("brief", "--customer", REF).code == 0
    assert run("allow", f"zendesk:{life.MERGED}").out.startswith(
        f"zendesk:{life.MERGED} may be known again"
    )
