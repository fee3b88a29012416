"""The memory of a record, and the command in its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from memory import Memory
from tests.support.book import AS_OF
from tests.support.command import remember
from tests.support.house import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.book import Book

    Run = Callable[..., Told]


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
        code = remember(*arguments)
        told = capsys.readouterr()
        return Told(code, told.out, told.err)

    return run
