"""A service over the record of one account: two agents, one of them gone, and a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from connector.clock import ManualClock
from connector.service.app import create_app
from tests.support import log_scan
from tests.support.book import AS_OF, Book, agent, customer
from tests.support.service import context_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.service.context import Context


@pytest.fixture
def clock() -> ManualClock:
    """A Tuesday morning that goes on only when told."""
    return ManualClock(AS_OF)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """The record of `zendesk:acme`."""
    made = Book(tmp_path)
    made.people(
        agent("11", "Daniel Osei", email="daniel@acme.example"),
        agent("12", "Dana Reyes", email="Dana@acme.example"),
        agent("13", "Gone Away", email="gone@acme.example", active=False),
        customer("100", "Mara Lindqvist", phone="+12125550101", email="mara@example.com"),
    )
    yield made
    made.record.close()


@pytest.fixture
def context(book: Book, clock: ManualClock, tmp_path: Path) -> Context:
    """What the service works with."""
    return context_of(book, clock, tmp_path, allowed_origins="https://acme.zendesk.com")


@pytest.fixture
def client(context: Context) -> Iterator[TestClient]:
    """Asks the running service."""
    with TestClient(create_app(context), client=("127.0.0.1", 50000)) as asking:
        yield asking
        log_scan.look(asking.get("/metrics").text, "/metrics")
