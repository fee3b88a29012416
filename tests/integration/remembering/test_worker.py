"""Remembering as a child process, seen from its parent."""

from __future__ import annotations

from multiprocessing import Pipe
from typing import TYPE_CHECKING

import pytest

from memory.errors import RecordError
from memory.record import issues
from memory.remembering.drain import Remembering
from memory.remembering.worker import Worker, _fault, _Tether
from memory.text.encoder import EncoderError
from memory.workplace import Workplace
from tests.support.book import Book, message

if TYPE_CHECKING:
    from pathlib import Path

    from memory.entities import Page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("model")]


@pytest.fixture
def workplace(tmp_path: Path, book: Book) -> Workplace:
    """Where the book's worker finds everything."""
    del book
    return Workplace(f"sqlite:///{tmp_path / 'record.sqlite'}", tmp_path / "index")


def test_a_worker_remembers_what_comes_until_it_is_told_that_no_more_will(
    book: Book, life: Page, workplace: Workplace
) -> None:
    """Tickets stored while it runs are remembered; then it ends, with the index in step."""
    worker = Worker(workplace, book.name)
    book.store(life)
    worker.finish()
    progress = worker.close()
    assert progress.remembered >= len(life.tickets)
    assert book.waiting() == []
    with Remembering.open(workplace, book.name) as remembering:
        assert remembering.heal() == (0, 0)
        with book.record.reading() as connection:
            assert remembering.index.ids() == set(issues.ids(connection, book.number))


def test_a_worker_that_is_stopped_leaves_the_rest_waiting(
    book: Book, life: Page, workplace: Workplace
) -> None:
    """Nothing is half stored: what waits is remembered by whoever comes next."""
    book.store(life)
    worker = Worker(workplace, book.name)
    worker.stop()
    assert not worker.running
    with Remembering.open(workplace, book.name) as remembering:
        remembering.drain(wait=lambda: False, report=lambda _: None)
    assert book.waiting() == []


def test_a_worker_says_why_it_could_not_work(
    book: Book, life: Page, workplace: Workplace, tmp_path: Path
) -> None:
    """The parent raises what ended the child."""
    book.store(life)
    lost = Workplace(workplace.database_url, workplace.index_folder, model=str(tmp_path / "none"))
    worker = Worker(lost, book.name)
    worker.finish()
    with pytest.raises(EncoderError):
        worker.close()


def test_a_worker_that_is_killed_holds_nobody_up(book: Book, workplace: Workplace) -> None:
    """Whatever it waited for when it was killed; its parent hears that it ended early."""
    worker = Worker(workplace, book.name)
    assert worker._line.poll(60)
    worker._process.kill()
    worker._process.join()
    worker.finish()
    worker.tidy()
    with pytest.raises(RecordError, match="ended early"):
        worker.close()
    worker.stop()
    assert not worker.running


def test_a_fault_is_told_by_its_kind_and_place() -> None:
    """Its own words may quote a customer, and the parent writes them where others read."""
    try:
        int("Mara Lindqvist")
    except ValueError as error:
        told = _fault(error)
    assert "ValueError at test_worker.py:" in told.detail
    assert "Mara" not in told.detail + told.hint


def test_a_worker_that_waits_puts_the_index_in_order_when_told(
    book: Book, life: Page, workplace: Workplace
) -> None:
    """An issue whose ticket has gone leaves the index without another ticket to remember."""
    book.store(life)
    ours, theirs = Pipe()
    tether = _Tether(theirs)
    with ours, theirs, Remembering.open(workplace, book.name) as remembering:
        remembering.drain(wait=lambda: False, report=lambda _: None)
        before = remembering.index.ids()
        book.store(gone_tickets=("1",))
        ours.send("tidy")
        assert tether.wait(remembering.tidy)
        with book.record.reading() as connection:
            assert remembering.index.ids() == set(issues.ids(connection, book.number))
        assert remembering.index.ids() < before


def test_the_index_follows_an_issue_that_changes_and_one_that_goes(
    book: Book, life: Page, workplace: Workplace
) -> None:
    """Old ids leave the index in the run in which new ones come."""
    book.store(life)
    with Remembering.open(workplace, book.name) as remembering:
        remembering.drain(wait=lambda: False, report=lambda _: None)
        before = remembering.index.ids()
        book.store(messages=(message("m5", "It never rains but it pours.", ticket_id="2"),))
        book.store(gone_tickets=("1",))
        remembering.drain(wait=lambda: False, report=lambda _: None)
        remembering.heal()
        with book.record.reading() as connection:
            wanted = set(issues.ids(connection, book.number))
        assert remembering.index.ids() == wanted
        assert wanted < before
