"""A service over a small record, which every example of a test asks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from connector.clock import ManualClock
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.signed_urls import APP_ID
from connector.service.app import create_app
from connector.service.inbox import Inbox
from tests.fuzz.service import Fuzzed
from tests.support.book import AS_OF, Book, agent, ago, customer
from tests.support.ring_webhooks import SETTINGS
from tests.support.service import context_of
from tests.support.tale import tale

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    yield from _served(book, clock, tmp_path_factory.mktemp("service"))


@pytest.fixture(scope="module")
def helpdesk(clock: ManualClock) -> Iterator[DemoHelpdesk]:
    """A simulated Zendesk in which our app is installed."""
    with DemoHelpdesk(read_story(tale([], [])), clock=clock.now) as served:
        yield served


@pytest.fixture(scope="module")
def signed_in_service(
    book: Book,
    clock: ManualClock,
    helpdesk: DemoHelpdesk,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Fuzzed]:
    """The service of that Zendesk's account, which vouches for agents."""
    book.record.add_account(book.name, helpdesk.url)
    known: dict[str, object] = {"zendesk_url": helpdesk.url, "zendesk_app_id": APP_ID}
    yield from _served(book, clock, tmp_path_factory.mktemp("signed"), **known)


def _served(book: Book, clock: ManualClock, folder: Path, **more: object) -> Iterator[Fuzzed]:
    context = context_of(
        book,
        clock,
        folder,
        public_url="https://rings.acme.example",
        zendesk_webhook_secret=Fuzzed.SECRET,
        freshdesk_webhook_secret=Fuzzed.SECRET,
        **SETTINGS.model_dump(exclude_unset=True),
        **more,
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
