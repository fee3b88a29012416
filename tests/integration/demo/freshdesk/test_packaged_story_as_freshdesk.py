"""The packaged story, walked as a reader of Freshdesk walks, against what it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from connector.clock import ManualClock
from connector.demo.freshdesk.account import Account
from connector.demo.freshdesk.plan import UNLIMITED
from connector.demo.server import DemoHelpdesk, FreshdeskPlan
from connector.demo.story import load_story, packaged_story
from connector.demo.story_parts import RedactMessage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.demo.story_parts import Story

ASCENDING = {
    "updated_since": "1970-01-01T00:00:00Z",
    "order_by": "updated_at",
    "order_type": "asc",
    "per_page": "100",
    "include": "description",
}


@pytest.fixture(scope="module")
def story() -> Story:
    """The story that comes with the package."""
    return load_story(packaged_story())


@pytest.fixture(scope="module", params=["present", "end"])
def helpdesk(story: Story, request: pytest.FixtureRequest) -> Iterator[DemoHelpdesk]:
    """It is served at its present, and when all that is to happen has happened."""
    at = story.as_of if request.param == "present" else story.changes[-1].at
    plan = FreshdeskPlan(rates=UNLIMITED, wall=3)
    with DemoHelpdesk(story, provider="freshdesk", clock=ManualClock(at).now, plan=plan) as served:
        yield served


@pytest.fixture(scope="module")
def api(helpdesk: DemoHelpdesk) -> Iterator[httpx.Client]:
    """An admin's client of it."""
    known = httpx.BasicAuth(helpdesk.keys.admin, "X")
    with httpx.Client(base_url=f"{helpdesk.url}/api/v2", auth=known, timeout=5) as client:
        client.get("/agents/me")
        yield client


@pytest.fixture(scope="module")
def state(helpdesk: DemoHelpdesk, api: httpx.Client) -> Account:
    """The truth: what the account holds at that moment."""
    assert api.get("/agents/me").status_code == 200
    assert isinstance(helpdesk.state, Account)
    return helpdesk.state


def pages(api: httpx.Client, path: str, params: dict[str, str]) -> Iterator[httpx.Response]:
    """The pages of a list, until one has no Link or is refused."""
    answer = api.get(path, params=params)
    yield answer
    while "link" in answer.headers:
        answer = api.get(answer.links["next"]["url"])
        yield answer


def whole(api: httpx.Client, path: str, **params: str) -> list[dict[str, Any]]:
    """Every row of a list."""
    return [row for page in pages(api, path, {"per_page": "100", **params}) for row in page.json()]


def all_tickets(api: httpx.Client) -> dict[int, dict[str, Any]]:
    """Every ticket of the plain list, past the wall by starting again at the last time seen."""
    found: dict[int, dict[str, Any]] = {}
    asked = dict(ASCENDING)
    while True:
        for page in pages(api, "/tickets", asked):
            if page.status_code == 400:
                assert page.json()["errors"][0]["field"] == "page"
                break
            found |= {row["id"]: row for row in page.json()}
        else:
            return found
        asked["updated_since"] = max(row["updated_at"] for row in found.values())


def test_every_ticket_is_in_the_list_past_the_wall(api: httpx.Client, state: Account) -> None:
    """With requester, subject and first text; none that is deleted, none twice."""
    found = all_tickets(api)
    assert {
        key: (row["requester_id"], row["subject"], row["description_text"])
        for key, row in found.items()
    } == {
        key: (ticket.requester, ticket.subject, ticket.description.text)
        for key, ticket in state.tickets.items()
        if ticket.place == "plain"
    }


def test_every_message_is_in_its_ticket(api: httpx.Client, state: Account, story: Story) -> None:
    """Archived ones by their own path; all words of the story are there, but what is erased."""
    archived = {key for key, row in all_tickets(api).items() if row.get("archived")}
    assert archived
    read: dict[int, list[str]] = {}
    for key in state.tickets:
        path = f"/tickets/archived/{key}" if key in archived else f"/tickets/{key}"
        texts = [row["body_text"] for row in whole(api, f"{path}/conversations")]
        read[key] = texts
    assert read == {
        key: [one.text for one in sorted(ticket.conversations, key=lambda one: (one.at, one.id))]
        for key, ticket in state.tickets.items()
    }
    heard = {key: "\n".join([*texts, state.tickets[key].description.text])
             for key, texts in read.items()}  # fmt: skip
    lost = {
        (ticket.id, number)
        for ticket in story.tickets
        if ticket.id in heard
        for number, message in enumerate(ticket.messages)
        for words in (message.text, message.call and message.call.transcript)
        if words and words not in heard[ticket.id]
    }
    redactions = [one for one in story.changes if isinstance(one, RedactMessage)]
    waiting = set(map(id, state.pending))
    assert lost == {(one.ticket, one.message) for one in redactions if id(one) not in waiting}


def test_every_contact_is_in_one_of_the_lists(api: httpx.Client, state: Account) -> None:
    """With the names, numbers and addresses they have; losers and the erased are 404."""
    plain, deleted = whole(api, "/contacts"), whole(api, "/contacts", state="deleted")
    assert {row["id"] for row in plain} == {
        key for key, contact in state.contacts.items() if not contact.deleted
    }
    assert {row["id"] for row in deleted} == {
        key for key, contact in state.contacts.items() if contact.deleted
    }
    for row in plain:
        contact = state.contacts[row["id"]]
        assert (row["name"], row["phone"], row["email"]) == (
            contact.name,
            contact.phone,
            contact.email,
        )
    gone = {one.id for one in state.story.customers} - set(state.contacts)
    assert gone
    assert {api.get(f"/contacts/{key}").status_code for key in gone} == {404}


def test_everyone_else_is_there(api: httpx.Client, state: Account) -> None:
    """Agents and companies."""
    assert {row["id"] for row in whole(api, "/agents")} == set(state.agents)
    assert {row["name"] for row in whole(api, "/companies")} == {
        company.name for company in state.companies.values()
    }
