"""Records with a past, and the command in their folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from memory.record import access
from tests.support.book import agent, ago, customer
from tests.support.command import remember
from tests.support.house import Told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.book import Book

    Run = Callable[..., Told]


@pytest.fixture
def logged(book: Book) -> Book:
    """Three entries about two customers."""
    for who, what in (("100", "brief"), ("100", "reveal"), ("101", "reveal")):
        with book.record.writing(book.account) as writer:
            writer.log_access(
                at=ago(1),
                agent="zendesk:11",
                proof="zendesk",
                source="service",
                what=what,
                customer_id=who,
                subject="m-1" if what == "reveal" else None,
            )
    return book


@pytest.fixture
def known(book: Book) -> Book:
    """Mara, who told us of Ruth, and Ellen; Daniel and Dana."""
    book.people(
        agent("11", "Daniel Osei", email="daniel@acme.example"),
        agent("12", "Dana Reyes", email="dana@acme.example"),
        customer("100", "Mara Lindqvist", phone="+12125550101", email="mara@example.com"),
        customer("101", "Ellen Park", phone="+12125550102"),
    )
    book.ticket("1")
    book.ticket("7", "101")
    return book


@pytest.fixture
def run(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs `remember` on that record, in this process."""
    monkeypatch.setenv("REMEMBER_HOME", str(tmp_path))
    monkeypatch.setenv("REMEMBER_DATABASE_URL", book.database_url)
    monkeypatch.setenv("REMEMBER_TIME_ZONE", "America/New_York")

    def run(*arguments: str) -> Told:
        code = remember(*arguments)
        told = capsys.readouterr()
        return Told(code, told.out, told.err)

    return run


def verdict(book: Book, expected: access.Anchor | None = None) -> access.Verdict:
    """What a check of the log finds."""
    with book.record.reading() as connection:
        return access.verify(connection, book.account.number, expected)
