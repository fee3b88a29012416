"""A record on each database, the memory of its folder, and the command in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.cli.app import app
from connector.cli.failing import explained
from memory import Memory
from tests.support.book import AS_OF, Book
from tests.support.house import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Run = Callable[..., Told]


@pytest.fixture
def book(database_url: str) -> Iterator[Book]:
    """An empty record of `zendesk:acme`."""
    made = Book(database_url)
    yield made
    made.record.close()


@pytest.fixture
def memory(book: Book, tmp_path: Path) -> Iterator[Memory]:
    """The memory of that record, at the tests' present."""
    assert book.number
    with Memory.open(
        tmp_path, database_url=book.database_url, default_region="US", now=lambda: AS_OF
    ) as opened:
        yield opened


@pytest.fixture
def run(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs `remember` on that record, in this process."""
    assert book.number
    monkeypatch.setenv("REMEMBER_HOME", str(tmp_path))
    monkeypatch.setenv("REMEMBER_DATABASE_URL", book.database_url)
    monkeypatch.setenv("REMEMBER_DEFAULT_REGION", "US")

    def run(*arguments: str) -> Told:
        code = explained(
            lambda: app([*arguments], standalone_mode=False), as_json="--json" in arguments
        )
        told = capsys.readouterr()
        return Told(code, told.out, told.err)

    return run
