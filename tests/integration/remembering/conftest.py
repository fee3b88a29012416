"""The real model and head, loaded once; a record of tickets that wait to be remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from memory.entities import Page, Status
from memory.remembering.personal import PersonalHead
from memory.remembering.remember import Rememberer
from memory.text.encoder import Encoder
from tests.support.book import Book, agent, ago, customer, message, ticket

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The packaged model."""
    return Encoder.load(threads=1)


@pytest.fixture(scope="session")
def head() -> PersonalHead:
    """The packaged head."""
    return PersonalHead.load()


@pytest.fixture
def life() -> Page:
    """A customer's two tickets: a call with a private note, and an e-mail."""
    told = {"channel": "email", "at": ago(8)}
    return Page(
        people=(customer(), agent(), agent("12", "Priya Raman")),
        tickets=(
            ticket("1", subject="Roaming plan", status=Status.SOLVED),
            ticket("2", subject="Router drops every evening", at=ago(8), channel="email"),
        ),
        messages=(
            message("m1", "I need a roaming plan for two weeks in Portugal."),
            message("m2", "Her friend died last week, be gentle.", author_id="11", public=False),
            message("m3", "I have set up the roaming plan for you.", author_id="11"),
            message("m4", "May I speak to Daniel Osei again, please?"),
            message("m5", "My router drops the connection every evening.", ticket_id="2", **told),
        ),
        whole_tickets=("1", "2"),
    )


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """An empty record."""
    return Book(tmp_path)


@pytest.fixture
def remember(encoder: Encoder, head: PersonalHead) -> Callable[[Book], Rememberer]:
    """Remembers everything that waits in a book, and hands out who did it."""

    def run(book: Book) -> Rememberer:
        rememberer = Rememberer(book.record, book.account, encoder, head)
        rememberer.remember_next()
        while rememberer.progress.waiting:
            rememberer.remember_next()
        return rememberer

    return run
