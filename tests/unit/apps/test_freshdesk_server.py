"""The server part of the Freshdesk app: what it tells the service of Freshcaller's calls.

It runs in Node as in Freshworks' sandbox (`tests/hosts/freshdesk-server.cjs`); what it sends is
read and checked by the service's own code.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connector.apps.packages import APPS
from connector.rings.event import RingEvent, RingRefusedError, RingRequest
from connector.rings.providers import PROVIDERS
from connector.settings import Settings
from tests.support.node import node

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW = datetime(2026, 7, 7, 9, 0, tzinfo=UTC)
SECRET = "a secret of tests"
HANDLERS = {"onCallCreate": "onCallCreateHandler", "onCallUpdate": "onCallUpdateHandler"}
CUSTOMER = {"participant_type": "Customer", "caller_number": "+12125550101", "call_status": 10}
AGENT = {"participant_type": "Agent", "caller_number": None, "participant_id": 694}


def call(**more: Any) -> dict[str, Any]:
    """A call in the shape that Freshworks documents."""
    return {
        "id": 135,
        "direction": "incoming",
        "parent_call_id": None,
        "root_call_id": None,
        "phone_number": "+12125550100",
        "assigned_agent_id": 139694,
        "assigned_call_queue_id": 17,
        "bill_duration": None,
        "participants": [AGENT, CUSTOMER],
        **more,
    }


def happened(
    event: str = "onCallCreate",
    changes: Mapping[str, Any] | None = None,
    *,
    secret: str = SECRET,
    refuse: int = 0,
    **more: Any,
) -> dict[str, Any]:
    """What the server part asks and logs when something happens to a call."""
    data = {"call": call(**more), **({} if changes is None else {"changes": changes})}
    told = {
        "source": APPS["freshdesk"].files()["server/server.js"].decode(),
        "handler": HANDLERS[event],
        "payload": {
            "event": event,
            "timestamp": NOW.timestamp(),
            "data": data,
            "iparams": {"ring_secret": secret},
        },
        "now": int(NOW.timestamp() * 1000),
        "refuse": refuse,
    }
    script = Path(__file__).parents[2] / "hosts" / "freshdesk-server.cjs"
    answer: dict[str, Any] = node(script, told=told)
    return answer


def request(asked: Mapping[str, Any]) -> RingRequest:
    """What the service gets of a request template."""
    template = json.loads(APPS["freshdesk"].files()["config/requests.json"])[asked["template"]]
    headers = {
        name.lower(): value.replace(
            "<%= context.timestamp %>", asked["context"]["timestamp"]
        ).replace("<%= context.signature %>", asked["context"]["signature"])
        for name, value in template["schema"]["headers"].items()
    }
    path = f"https://remember.example.com{template['schema']['path']}"
    return RingRequest(path, headers, asked["body"].encode())


def heard(event: str = "onCallCreate", **more: Any) -> RingEvent:
    """The ring as the service understands it, once its proof is checked."""
    [asked] = happened(event, **more)["asked"]
    provider = PROVIDERS["generic"]()
    settings = Settings.model_validate({"ring_generic_secret": SECRET})
    provider.verify(request(asked), settings, NOW)
    found = provider.read(request(asked), NOW)
    assert found is not None
    return found


def test_a_call_that_begins_rings() -> None:
    """The service hears who calls which line, for which agent and queue, and takes the proof."""
    assert heard() == RingEvent(
        provider="generic",
        call_id="135",
        caller="+12125550101",
        called="+12125550100",
        direction="inbound",
        agents=("139694",),
        state="ringing",
        at=NOW,
        group="17",
    )


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"changes": {"assigned_agent_id": [None, 139694]}}, "answered"),
        ({"assigned_agent_id": None}, "ringing"),
        ({"bill_duration": 0.0}, "ended"),
        ({"bill_duration": 97.5}, "ended"),
        ({"participants": [{**CUSTOMER, "call_status": 3}]}, "ended"),
    ],
)
def test_an_update_tells_how_far_the_call_is(more: dict[str, Any], state: str) -> None:
    """With an agent it is answered; with a bill, or missed by the customer, it is over."""
    assert heard("onCallUpdate", **more).state == state


def test_an_outgoing_call_is_told_as_one() -> None:
    """Either spelling of the direction; without one it is a call that comes in."""
    assert heard(direction="Outgoing").direction == "outbound"
    assert heard(direction=None).direction == "inbound"


def test_a_transferred_call_stays_the_call_that_it_was() -> None:
    """A leg's own number does not make a new ring."""
    assert heard(id=136, parent_call_id=135).call_id == "135"
    assert heard(id=137, parent_call_id=136, root_call_id=135).call_id == "135"


def test_a_call_in_the_shape_of_freshworks_own_example() -> None:
    """There no participant is called a customer; the one with a number calls."""
    parties = [{"caller_number": "+12125550101", "call_id": 135}, AGENT]
    assert heard(participants=parties).caller == "+12125550101"
    assert heard(participants=[AGENT]).caller is None
    assert heard(participants=None).caller is None


@pytest.mark.parametrize("name", ["call_notes", "recording", "bill_cost", "integrated_resources"])
def test_what_is_no_news_of_the_call_costs_no_request(name: str) -> None:
    """Fifty requests a minute are all there are."""
    assert happened("onCallUpdate", {name: [None, "-"]})["asked"] == []
    assert happened("onCallUpdate", {name: [None, "-"], "bill_duration": [None, 3]})["asked"]


def test_without_a_secret_nothing_is_told() -> None:
    """An installation that leaves the secret empty does not send unsigned calls."""
    assert happened(secret="") == {"asked": [], "logged": []}


def test_another_secret_is_refused() -> None:
    """The signature is the secret's."""
    [asked] = happened(secret="another")["asked"]
    settings = Settings.model_validate({"ring_generic_secret": SECRET})
    with pytest.raises(RingRefusedError):
        PROVIDERS["generic"]().verify(request(asked), settings, NOW)


def test_the_signature_is_of_this_moment() -> None:
    """A copy of it is worth nothing ten minutes later."""
    [asked] = happened()["asked"]
    settings = Settings.model_validate({"ring_generic_secret": SECRET})
    with pytest.raises(RingRefusedError):
        PROVIDERS["generic"]().verify(request(asked), settings, NOW + timedelta(minutes=10))


def test_a_refusal_is_logged_without_a_word_of_the_call() -> None:
    """The handler ends well, and Freshworks' log says what the service answered, no more."""
    [line] = happened(refuse=401)["logged"]
    assert line == "The service did not take a ring: 401"
