"""A service's threads read the record side by side; too many of them are told so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from memory.errors import RecordError
from memory.record import Record, engine

if TYPE_CHECKING:
    from tests.support.book import Book

THREADS = 40
"""As many as answer requests."""


def test_as_many_read_at_once_as_answer_requests(book: Book) -> None:
    """None of them waits for another to be done."""
    all_read = Barrier(THREADS, timeout=60)

    def read(_: int) -> int:
        with book.record.reading() as connection:
            found = len(book.record.accounts(connection))
            all_read.wait()
            return found

    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(read, range(THREADS))) == [1] * THREADS


def test_one_too_many_is_told_to_come_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In words, after a while; it does not wait for ever."""
    small = {"pool_size": 1, "max_overflow": 1, "pool_timeout": 0.01}
    monkeypatch.setattr(engine, "_POOL", small)
    record = Record.open(database_url)
    with ExitStack() as readers:
        for _ in range(2):
            readers.enter_context(record.reading())
        with pytest.raises(RecordError, match="Too many"), record.reading():
            pass
    with record.reading() as connection:
        assert record.accounts(connection) == []
    record.close()
