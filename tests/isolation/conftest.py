"""A record with two accounts, filled once and copied for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from connector.rings.agents import AgentMap
from connector.rings.board import Board
from connector.service.app import create_app
from connector.service.context import Context
from connector.service.metrics import Metrics
from connector.settings import Settings
from memory.face import Memory
from memory.record.tokens import SCOPES
from tests.isolation.two import OTHER, OWN, Searching, Two, opened, written
from tests.support.ring_webhooks import SECRET
from tests.support.service import session_of, token_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the record."""
    return written(tmp_path_factory.mktemp("two") / "template")


@pytest.fixture
def two(template: Path, tmp_path: Path) -> Iterator[Two]:
    """A copy of the record."""
    found = opened(template, tmp_path / "copy")
    yield found
    found.close()


@pytest.fixture
def service(two: Two) -> Context:
    """A service of both accounts."""
    other = Memory(two.other.record, two.memory._workplace, account=OTHER, now=two.clock.now)
    other._made = Searching(other._workplace, two.other.record)
    return Context(
        settings=Settings.model_validate({"home": "/nowhere", "ring_generic_secret": SECRET}),
        clock=two.clock,
        record=two.own.record,
        memories={OWN: two.memory, OTHER: other},
        board=Board(two.own.record, AgentMap.load(None), two.clock),
        metrics=Metrics(),
    )


@pytest.fixture
def client(service: Context) -> Iterator[TestClient]:
    """Asks it, whatever comes of it."""
    with TestClient(create_app(service), raise_server_exceptions=False) as asked:
        yield asked


@pytest.fixture
def bearers(two: Two) -> list[str]:
    """An agent's session and a program's token of the own account, with all they may have."""
    scopes = [one for one in SCOPES if one != "ring:write"]
    token = token_of(two.own, two.clock, *SCOPES)
    return [session_of(two.own, two.clock, scopes=scopes), token]
