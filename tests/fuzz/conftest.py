"""A service over a small record, which every example of a test asks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from connector.clock import ManualClock
from connector.service.app import create_app
from connector.service.inbox import Inbox
from tests.fuzz.service import Fuzzed
from tests.support.book import AS_OF, Book, agent, ago, customer
from tests.support.ring_webhooks import SETTINGS
from tests.support.service import context_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.sync.webhooks import Event


@pytest.fixture(scope="module")
def clock() -> ManualClock:
    """A Tuesday morning that does not pass."""
    return ManualClock(AS_OF)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """The record of `zendesk:acme`, with a customer who has told things."""
    made = Book(tmp_path_factory.mktemp("home"))
    made.people(
        agent("11", "Daniel Osei", email="daniel@acme.example"),
        agent("12", "Dana Reyes", email="dana@acme.example"),
        customer("100", "Mara Lindqvist", phone="+12125550101", email="mara@example.com"),
        customer("101", "Bo", phone="+12125550102"),
    )
    made.ticket("8831", at=ago(9))
    made.told("bereavement", "My friend died.", "8831", relation="friend")
    made.contact("8831", "11", 97.0)
    yield made
    made.record.close()


@pytest.fixture(scope="module")
def service(
    book: Book, clock: ManualClock, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fuzzed]:
    """The service, with every secret set; what it is told waits in inboxes nobody empties."""
    secrets = SETTINGS.model_dump(exclude_unset=True)
    context = context_of(
        book,
        clock,
        tmp_path_factory.mktemp("service"),
        public_url="https://rings.acme.example",
        zendesk_webhook_secret=Fuzzed.SECRET,
        freshdesk_webhook_secret=Fuzzed.SECRET,
        **secrets,
    )
    inboxes = {
        name: Inbox(name, _refuse, clock=clock, metrics=context.metrics, most=100_000)
        for name in ("zendesk", "freshdesk")
    }
    context = replace(context, inboxes=inboxes)
    with TestClient(create_app(context)) as client:
        yield Fuzzed(client, context, book, clock)


async def _refuse(event: Event) -> None:
    """Nothing is applied here."""
    raise AssertionError(event)
