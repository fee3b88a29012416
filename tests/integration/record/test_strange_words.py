"""Words that no database holds are refused in a sentence, on every database."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from connector.clock import ManualClock
from memory.errors import UsageError
from tests.support.book import AS_OF, Book, customer
from tests.support.service import memory_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from memory.face import Memory


@pytest.fixture
def memory(database_url: str, tmp_path: Path) -> Iterator[Memory]:
    """Of an account with one customer."""
    book = Book(database_url)
    book.people(customer())
    yield memory_of(book, ManualClock(AS_OF), tmp_path)
    book.record.close()


@pytest.mark.parametrize("key", ["email", "customer", "ticket"])
def test_half_a_character_names_nobody(memory: Memory, key: str) -> None:
    """A terminal that writes in another encoding hands such words on."""
    asked: Any = {key: "mara\ud800"}
    with pytest.raises(UsageError, match="no database holds"):
        memory.brief(**asked)


def test_nul_is_no_fault(memory: Memory) -> None:
    """SQLite looks for it and finds nobody, PostgreSQL cannot look."""
    with suppress(UsageError):
        assert memory.brief(email="mara\0@example.com")["match"]["outcome"] == "none"
