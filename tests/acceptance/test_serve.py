"""`remember serve` as it is installed: one command answers, syncs and remembers, and stops well."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import signal
import socket
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from connector.clock import ManualClock, SystemClock
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.limits import UNLIMITED
from connector.lock import hold
from connector.service import bearers
from connector.service.auth import Principal
from memory.record import Record, tokens
from tests.support.house import House, settings_for
from tests.support.serve import alive, serving, until
from tests.support.tale import ACCOUNT, DAY, customer, message, tale, ticket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.xdist_group("serve"), pytest.mark.slow]

PHONE, HIDDEN, NAME, EMAIL = "+12125550101", "+12125550102", "Mara Lindqvist", "mara@example.com"
AGENT, AGENT_ID = "daniel@acme.example", "11"
WORDS = "The violet router drops the line every evening."
NEWS = "Please speak slowly, my hearing is not good since the zeppelin show."
WEBHOOK_SECRET, RING_SECRET = "hook-5f1d2c3b4a", "ring-9e8d7c6b5a"
LATER = 600
"""Seconds after the start when things happen; the helpdesk's clock is moved past it."""


class Acme:
    """A helpdesk whose present can be moved on, and the house that reads it."""

    def __init__(self, helpdesk: DemoHelpdesk, clock: ManualClock, home: Path) -> None:
        self.helpdesk = helpdesk
        self.house = House(
            home,
            settings_for(
                helpdesk.url,
                ZENDESK_WEBHOOK_SECRET=WEBHOOK_SECRET,
                RING_GENERIC_SECRET=RING_SECRET,
                LOG_LEVEL="DEBUG",
                LOG_FORMAT="json",
            ),
        )
        self._clock = clock

    def move_on(self) -> None:
        """What is to happen later has happened."""
        self._clock.advance(LATER + 60)

    def backfill(self) -> None:
        """Take the history, and remember nothing: that needs the model."""
        done = self.house.run("backfill", "--no-remember", "--account", ACCOUNT)
        assert done.code == 0, done.err

    def token(self) -> str:
        """A new token that may ask for briefs."""
        with closing(Record.in_folder(self.house.home)) as record:
            account = record.account(ACCOUNT)
            with record.writing(account) as writer:
                _, text = tokens.create(
                    writer.connection,
                    account.number,
                    name="A test's",
                    scopes=("brief:read",),
                    at=datetime.now(UTC),
                )
        return text

    def session(self) -> str:
        """The bearer of a new session of the agent."""
        with closing(Record.in_folder(self.house.home)) as record:
            account = record.account(ACCOUNT)
        scopes = frozenset(tokens.AGENT_SCOPES)
        who = Principal(account.name, account.ref(AGENT_ID), scopes, "zendesk", None)
        return bearers.signed(account, who, datetime.now(UTC))[0]

    def told(self, number: int) -> tuple[bytes, dict[str, str]]:
        """What Zendesk sends when a comment was added to a ticket: body and headers."""
        document = {
            "id": f"event-{time.monotonic_ns()}",
            "type": "zen:event-type:ticket.comment_added",
            "subject": f"zen:ticket:{number}",
            "detail": {"id": str(number)},
            "event": {},
        }
        body = json.dumps(document).encode()
        at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        made = hmac.new(WEBHOOK_SECRET.encode(), at.encode() + body, hashlib.sha256)
        return body, {
            "Content-Type": "application/json",
            "X-Zendesk-Webhook-Signature": base64.b64encode(made.digest()).decode(),
            "X-Zendesk-Webhook-Signature-Timestamp": at,
        }


@contextmanager
def acme_at(home: Path) -> Iterator[Acme]:
    """A small account of today: what is to come in it comes when its clock is moved on.

    Its clock is behind ours until then, so that nothing in it is of the future.
    """
    now = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=LATER + 120)
    start = int(now.timestamp())
    at = start - 9 * DAY
    tickets = [
        ticket(1, 101, at, subject="Router", messages=[message("customer", at, WORDS)]),
        ticket(2, 102, at, messages=[message("customer", at, "The bill is too high.")]),
    ]
    people = [
        customer(101, name=NAME, phone=PHONE, email=EMAIL),
        customer(102, name="Ana Reyes", phone=HIDDEN),
    ]
    story = {**tale(tickets, people), "as_of": start}
    story["changes"] = [
        {
            "at": start + LATER,
            "do": "add_message",
            "ticket": 1,
            "message": message("customer", start + LATER, NEWS),
        }
    ]
    clock = ManualClock(now)
    with DemoHelpdesk(read_story(story), clock=clock.now, limits=UNLIMITED) as helpdesk:
        yield Acme(helpdesk, clock, home)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Acme]:
    """An account whose history has been taken."""
    with acme_at(tmp_path_factory.mktemp("taken") / "home") as acme:
        acme.backfill()
        yield acme


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Acme]:
    """An account of which nothing is known here."""
    with acme_at(tmp_path / "home") as made:
        yield made


ALONE = ("--no-sync", "--no-worker")
SYNCING = ("--no-worker", "--sync-every", "3600", "--account", ACCOUNT)


def test_one_command_takes_remembers_and_follows(acme: Acme) -> None:
    """Nothing but the settings: the history comes, is remembered, and a webhook's news is there.

    The sync is an hour apart, so that it is the webhook that brings it.
    """
    with serving(acme.house, "--sync-every", "3600", "--account", ACCOUNT) as serve:
        until(lambda: serve.readiness()["ready"], "the history is taken", serve.process)
        token = acme.token()
        acme.move_on()
        body, headers = acme.told(1)
        answer = serve.http.post("/v1/webhooks/zendesk", content=body, headers=headers)
        assert answer.status_code == 204

        def needs() -> list[dict[str, Any]]:
            brief = serve.post("/v1/briefs", {"phone": PHONE}, token)
            assert brief.status_code == 200, brief.text
            found: list[dict[str, Any]] = brief.json()["adjustments"]
            return [one for one in found if one["kind"] == "access_need"]

        until(needs, "what she needs is shown", serve.process)
        # Forged and repeated ones change nothing.
        again = serve.http.post("/v1/webhooks/zendesk", content=body, headers=headers)
        assert again.status_code == 204
        forged = serve.http.post("/v1/webhooks/zendesk", content=body + b" ", headers=headers)
        assert forged.status_code == 401
        numbers = serve.http.get("/metrics").text
        assert 'remember_webhooks_total{helpdesk="zendesk",outcome="applied"} 1.0' in numbers
        assert 'remember_webhooks_total{helpdesk="zendesk",outcome="repeated"} 1.0' in numbers
        assert f'remember_outbox_tickets{{account="{ACCOUNT}"}} 0.0' in numbers
        children = serve.children()
        assert len(children) == 2
        assert serve.stop() == 0
        assert not any(alive(child) for child in children)


def test_a_folder_that_is_held_and_a_port_in_use_are_left_alone(taken: Acme) -> None:
    """Exit 6 and the holder's name; exit 2 and which port. A service alone needs no lock."""
    with serving(taken.house, *SYNCING) as serve:
        second = taken.house.run("serve", "--port", "0", "--account", ACCOUNT)
        assert second.code == 6
        assert f"`remember serve`, process {serve.process.pid}" in second.err
        with serving(taken.house, *ALONE) as other:
            assert other.line == f"Serving {other.url} · page {other.url}/ · stop with Ctrl-C"
            assert other.http.get("/readyz").status_code == 200
            port = other.url.rpartition(":")[2]
            third = taken.house.run("serve", "--port", port, *ALONE)
            assert third.code == 2
            assert f"Port {port} of 127.0.0.1" in third.err
            assert "Traceback" not in third.err
            assert other.stop() == 0
            assert other.process.stdout is not None
            assert other.process.stdout.read() == "", "One line is all, standard output piped."


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGTERM, id="SIGTERM"),
        pytest.param(signal.SIGINT, id="SIGINT", marks=pytest.mark.long),  # as the demo is stopped
    ],
)
def test_it_stops_well(taken: Acme, number: int) -> None:
    """Exit 0: streams end, what is under way is answered, children end, the folder is free."""
    with serving(taken.house, *SYNCING) as serve:
        until(serve.children, "the sync has begun", serve.process)
        session = taken.session()
        headers = {"Authorization": f"Bearer {session}"}
        with serve.http.stream("GET", "/v1/rings/stream", headers=headers) as stream:
            lines = stream.iter_lines()
            next(lines)
            children = serve.children()
            serve.process.send_signal(number)
            assert all(not line.startswith("event") for line in lines), "It ends."
        assert serve.process.wait(timeout=60) == 0
        assert not any(alive(child) for child in children)
        assert "Traceback" not in serve.log
        with pytest.raises(httpx.ConnectError):
            serve.http.get("/healthz")
        with hold(taken.house.home, "test", SystemClock()):
            assert serve.process.returncode == 0, "The folder is free again."


@pytest.mark.long
def test_a_second_signal_stops_it_at_once(taken: Acme) -> None:
    """Exit 130, though a request is under way that never ends."""
    with serving(taken.house, *SYNCING) as serve:
        until(serve.children, "the sync has begun", serve.process)
        children = serve.children()
        host, port = serve.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as slow:
            slow.sendall(
                b"POST /v1/webhooks/zendesk HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{"
            )
            until(lambda: serve.http.get("/healthz").is_success, "it has read the other")
            serve.process.send_signal(signal.SIGTERM)
            with pytest.raises(httpx.ConnectError):
                until(lambda: serve.http.get("/healthz").is_error, "it takes no more")
            serve.process.send_signal(signal.SIGTERM)
            assert serve.process.wait(timeout=60) == 130
        until(lambda: not any(map(alive, children)), "its children have ended")


def test_killed_it_leaves_no_child_and_loses_no_ring(taken: Acme) -> None:
    """`kill -9` during a ring: the children end, the next service knows the ring."""
    told = {"call_id": "c-1", "caller": PHONE, "called": "+12125550100", "agent_email": AGENT}
    with serving(taken.house, *SYNCING) as serve:
        until(serve.children, "the sync has begun", serve.process)
        children = serve.children()
        at = datetime.now(UTC).isoformat()
        assert serve.ring(RING_SECRET, **told, state="ringing", at=at).status_code == 204
        serve.process.kill()
        serve.process.wait()
        until(lambda: not any(map(alive, children)), "the children have noticed")
    with serving(taken.house, *SYNCING) as again:
        session = taken.session()
        name, event = next(again.events(session))
        assert (name, event["state"], event["yours"]) == ("ring.ringing", "ringing", True)
        brief = again.post("/v1/briefs", {"ring": event["ring"]}, session).json()
        assert brief["customer"]["name"] == NAME
        at = datetime.now(UTC).isoformat()
        assert again.ring(RING_SECRET, **told, state="ended", at=at).status_code == 204


@pytest.mark.long
def test_a_part_that_dies_is_started_again(taken: Acme) -> None:
    """Requests are answered meanwhile, and what is down is said."""
    with serving(taken.house, *SYNCING) as serve:
        [child] = until(serve.children, "the sync has begun", serve.process)
        os.kill(child, signal.SIGKILL)

        def down() -> list[str]:
            found = serve.readiness()["not_ready"]
            return [one["detail"] for one in found if one["part"] == "sync"]

        assert any("exit -9" in one for one in until(down, "it is missed", serve.process))
        until(
            lambda: [one for one in serve.children() if one != child],
            "it is started again",
            serve.process,
        )
        until(lambda: serve.readiness()["ready"], "all is well again", serve.process)


def test_where_credentials_are_refused_the_service_goes_on(taken: Acme) -> None:
    """The sync says so; briefs are answered from what there is."""
    house = taken.house.but(ZENDESK_CLIENT_SECRET="wrong-secret")
    token = taken.token()
    with serving(house, *SYNCING) as serve:

        def refused() -> list[dict[str, Any]]:
            found = serve.readiness()["not_ready"]
            return [one for one in found if "client" in one["hint"]]

        [found] = until(refused, "the refusal is said", serve.process)
        assert found["part"] == "sync"
        brief = serve.post("/v1/briefs", {"phone": PHONE}, token).json()
        assert brief["customer"]["name"] == NAME
        assert "wrong-secret" not in serve.log


@pytest.mark.long
def test_sync_and_worker_can_run_without_http(acme: Acme) -> None:
    """Where another process answers: the history is taken all the same."""
    with serving(acme.house, "--no-http", "--no-worker", "--account", ACCOUNT) as serve:
        assert serve.line == "Running without HTTP. Stop with Ctrl-C."
        until(lambda: '"event": "synced"' in serve.log, "it has synced", serve.process)
        assert serve.stop() == 0
    [account] = acme.house.run("status", "--json").document["accounts"]
    assert (account["tickets"], account["customers"]) == (2, 2)


def test_from_ring_to_brief_the_log_holds_nothing_of_the_customer(taken: Acme) -> None:
    """At DEBUG: no number, name, address, word, token or secret, whatever is asked and answered."""
    with serving(taken.house, *ALONE) as serve:
        token, session = taken.token(), taken.session()
        told = {"call_id": "c-2", "caller": PHONE, "called": "+12125550100", "agent_email": AGENT}
        at = datetime.now(UTC)
        for state, later in (("ringing", 0), ("answered", 1)):
            when = (at + timedelta(seconds=later)).isoformat()
            assert serve.ring(RING_SECRET, **told, state=state, at=when).is_success
        _, event = next(serve.events(session))
        ring = {"ring": event["ring"]}
        brief = serve.post("/v1/briefs", ring, session).json()
        ref = brief["customer"]["ref"]
        call = {"customer": ref, **ring}
        assert serve.post("/v1/verifications", call, session).is_success
        assert serve.post("/v1/notes", {"words": "Plays the oboe.", **call}, session).is_success
        assert serve.post("/v1/customers", {"words": NAME}, session).is_success
        for path in ("briefs", "notes", "recall", "customers", "feedback", "rings/generic"):
            for document in ({"phone": PHONE, "words": WORDS}, {"email": EMAIL}, NAME, [PHONE]):
                serve.post(f"/v1/{path}", document, token)
        serve.post("/v1/briefs", {"phone": HIDDEN}, token)
        serve.http.get(f"/v1/customers/{PHONE}?name={NAME}")
        serve.post("/v1/rings/generic", {"caller": PHONE, "secret": RING_SECRET})
        when = (at + timedelta(seconds=2)).isoformat()
        assert serve.ring(RING_SECRET, **told, state="ended", at=when).is_success
        assert serve.stop() == 0
        log = serve.log
    assert log.count('"event": "request"') > 30
    marks = [
        *(PHONE, PHONE[2:], "212-555", HIDDEN[2:], NAME, "Lindqvist", "Mara", EMAIL),
        *("violet", "oboe", "Router", AGENT, "Daniel"),
        *(token, session, WEBHOOK_SECRET, RING_SECRET, "demo-client-secret", event["ring"]),
    ]
    assert [mark for mark in marks if mark.casefold() in log.casefold()] == []
