"""Whatever the OpenAPI document allows, or forbids, is answered as it documents, and never by 5xx.

Schemathesis asks: with the bearer of an agent, with a program's token, and with none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from connector.clock import ManualClock
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.signed_urls import APP_ID
from connector.service.app import create_app
from memory.record.tokens import SCOPES
from tests.browser.serving import served
from tests.support.book import AS_OF, Book, agent, ago, customer
from tests.support.service import bearing, context_of, session_of, token_of
from tests.support.tale import tale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import Case
    from schemathesis.specs.openapi.schemas import OpenApiSchema

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("model")]

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
EXAMPLES = 10
STREAM = "/v1/rings/stream"


@pytest.fixture(scope="module")
def clock() -> ManualClock:
    """A Tuesday morning that does not pass."""
    return ManualClock(AS_OF)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """The record of an account with one customer, who has told things."""
    made = Book(tmp_path_factory.mktemp("home"))
    made.people(agent(email="daniel@acme.example"), agent("12", "Dana Reyes"))
    made.people(customer(phone="+12125550101", email="mara@example.com"), customer("101", "Bo"))
    made.ticket("8831", at=ago(9))
    made.told("bereavement", "My friend died.", "8831", relation="friend")
    made.contact("8831", "11", 97.0)
    yield made
    made.record.close()


@pytest.fixture(scope="module")
def url(book: Book, clock: ManualClock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the service is; it knows its Zendesk, and its model is at work already."""
    with DemoHelpdesk(read_story(tale([], [])), clock=clock.now) as helpdesk:
        book.record.add_account(book.name, helpdesk.url)
        where = {"zendesk_url": helpdesk.url, "zendesk_app_id": APP_ID}
        context = context_of(book, clock, tmp_path_factory.mktemp("service"), **where)
        context.memories[book.name].recall("roaming", customer="zendesk:100")
        with served(create_app(context)) as address:
            yield address


def _asked(url: str, *, thoroughly: bool) -> OpenApiSchema:
    """What the service publishes, to be asked in the same order every time."""
    config = SchemathesisConfig.from_dict(
        {
            "generation": {"deterministic": True, "database": "none"},
            "phases": {"coverage": {"enabled": thoroughly}},
            "request-timeout": 60,
        }
    )
    return schemathesis.openapi.from_url(f"{url}/openapi.json", config=config)


@pytest.fixture(scope="module")
def document(url: str) -> OpenApiSchema:
    """To be asked with every kind of value, good and bad, in every place."""
    return _asked(url, thoroughly=True)


@pytest.fixture(scope="module")
def sketch(url: str) -> OpenApiSchema:
    """To be asked with a few."""
    return _asked(url, thoroughly=False)


thorough = schemathesis.pytest.from_fixture("document")
brief = schemathesis.pytest.from_fixture("sketch")
bounded = settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)


@brief.parametrize()
@bounded
def test_nobody_is_answered_as_documented(case: Case[Any]) -> None:
    """Without a bearer."""
    case.call_and_validate(checks=CHECKS)


@thorough.exclude(path=STREAM).parametrize()
@bounded
def test_an_agent_is_answered_as_documented(
    case: Case[Any], book: Book, clock: ManualClock
) -> None:
    """With the bearer of a session; the stream, which does not end, is tested with rings."""
    case.call_and_validate(checks=CHECKS, headers=bearing(session_of(book, clock)))


@brief.exclude(path=STREAM).parametrize()
@bounded
def test_a_program_is_answered_as_documented(
    case: Case[Any], book: Book, clock: ManualClock
) -> None:
    """With a token that holds every scope."""
    case.call_and_validate(checks=CHECKS, headers=bearing(token_of(book, clock, *SCOPES)))
