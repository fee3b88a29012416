"""Desks of every helpdesk on every database, on a clock that tests move."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from connector.clock import ManualClock
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from memory.record import Record
from tests.contract.desk import Desk
from tests.contract.kinds import KINDS
from tests.contract.stories import whole
from tests.support.tale import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.contract.kind import Kind


@pytest.fixture(params=KINDS, ids=lambda kind: kind.provider)
def kind(request: pytest.FixtureRequest) -> Kind:
    """The helpdesk that is held to the contract."""
    found: Kind = request.param
    return found


@pytest.fixture
def clock() -> ManualClock:
    """The time of helpdesks and clients; it stands at the story's present."""
    return ManualClock(datetime.fromtimestamp(AS_OF, UTC))


@pytest.fixture
def serve(kind: Kind, clock: ManualClock) -> Iterator[Callable[..., DemoHelpdesk]]:
    """Starts a helpdesk that tells a story; without limits unless one is told."""
    with contextlib.ExitStack() as opened:

        def start(
            document: dict[str, Any], limit: int | None = None, **options: Any
        ) -> DemoHelpdesk:
            limits = kind.unlimited if limit is None else kind.limits(limit)
            told = {"clock": clock.now, **limits, **options}
            return opened.enter_context(DemoHelpdesk(read_story(document), **told))

        yield start


@pytest.fixture
def open_desk(
    kind: Kind, clock: ManualClock, database_url: str, serve: Callable[..., DemoHelpdesk]
) -> Iterator[Callable[..., Desk]]:
    """Opens a desk whose helpdesk tells a story; each has the one record of the test."""
    with contextlib.closing(Record.open(database_url)) as record:

        def start(document: dict[str, Any] | None = None, **options: Any) -> Desk:
            helpdesk = serve(document or whole(), **options)
            return Desk(kind, helpdesk, record, clock)

        yield start


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    """A desk that tells the whole story, with nothing read yet."""
    return open_desk()
