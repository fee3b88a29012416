"""What a simulated Zendesk brings to agents' browsers: notices to the app, customers' pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.demo.zendesk.account import Account
from connector.demo.zendesk.apps import Display, Notice
from connector.demo.zendesk.limits import Limits
from connector.demo.zendesk.signed_urls import APP_ID

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk

NOTIFY = "/api/v2/apps/notify"
DISPLAY = "/api/v2/channels/voice/agents/11/users/100/display"
RING = {"app_id": APP_ID, "event": "ring", "body": "opaque", "agent_id": 11}


def held(helpdesk: DemoHelpdesk) -> Account:
    """What the account holds."""
    assert isinstance(helpdesk.state, Account)
    return helpdesk.state


def bearing(helpdesk: DemoHelpdesk, api: httpx.Client, scope: str) -> dict[str, str]:
    """The header of a client with this scope."""
    known = helpdesk.credentials
    grant = {
        "grant_type": "client_credentials",
        "client_id": known.client_id,
        "client_secret": known.client_secret,
        "scope": scope,
    }
    token = api.post("/oauth/tokens", json=grant).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


def test_a_notice_reaches_the_app_of_one_agent_or_of_all(
    helpdesk: DemoHelpdesk, connect: Callable[..., httpx.Client]
) -> None:
    """It is kept with all that was sent."""
    api = connect(helpdesk)
    everybody = {key: value for key, value in RING.items() if key != "agent_id"}

    assert api.post(NOTIFY, json=RING).status_code == 200
    assert api.post(f"{NOTIFY}.json", json=everybody).status_code == 200
    assert held(helpdesk).notices == [
        Notice(APP_ID, "ring", "opaque", 11),
        Notice(APP_ID, "ring", "opaque", None),
    ]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param({"app_id": 1}, 404, id="another app"),
        pytest.param({"app_id": "x"}, 422, id="no number"),
        pytest.param({"event": ""}, 422, id="no event"),
        pytest.param({"agent_id": 100}, 422, id="a customer"),
        pytest.param({"agent_id": 99}, 422, id="nobody"),
        pytest.param({"body": "x" * (1 << 20)}, 413, id="too large"),
    ],
)
def test_a_notice_that_cannot_be_is_refused(
    helpdesk: DemoHelpdesk,
    connect: Callable[..., httpx.Client],
    change: dict[str, Any],
    status: int,
) -> None:
    """Nothing of it is kept."""
    assert connect(helpdesk).post(NOTIFY, json=RING | change).status_code == status
    assert held(helpdesk).notices == []


def test_a_notice_needs_its_scope(
    helpdesk: DemoHelpdesk, connect: Callable[..., httpx.Client]
) -> None:
    """Who may only read is refused; nobody at all is nobody."""
    api = connect(helpdesk, headers={})
    answers = {
        scope: api.post(NOTIFY, json=RING, headers=bearing(helpdesk, api, scope)).status_code
        for scope in ("read", "read apps:write", "read write", "read tickets:write")
    }

    assert answers == {
        "read": 403,
        "read apps:write": 200,
        "read write": 200,
        "read tickets:write": 403,
    }
    assert api.post(NOTIFY, json=RING).status_code == 401


def test_notices_have_a_limit_of_their_own(
    serve: Callable[..., DemoHelpdesk],
    connect: Callable[..., httpx.Client],
    clock: ManualClock,
) -> None:
    """The next minute has room again; other requests are not concerned."""
    helpdesk = serve(limits=Limits(notices=2))
    api = connect(helpdesk)
    answers = [api.post(NOTIFY, json=RING) for _ in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert api.get("/api/v2/users/me").status_code == 200
    clock.advance(60)
    assert api.post(NOTIFY, json=RING).status_code == 200


def test_a_customers_page_opens_in_an_agents_browser(
    helpdesk: DemoHelpdesk, connect: Callable[..., httpx.Client]
) -> None:
    """An agent or a customer who is not there is not found."""
    api = connect(helpdesk)

    assert api.post(DISPLAY, json={}).status_code == 200
    assert api.post(DISPLAY.replace("/11/", "/99/"), json={}).status_code == 404
    assert api.post(DISPLAY.replace("/100/", "/99/"), json={}).status_code == 404
    assert held(helpdesk).displays == [Display(11, 100)]
