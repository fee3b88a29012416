"""What a reader must bear: limits, and a network and a helpdesk that fail."""

from __future__ import annotations

import contextlib
import socket
import threading
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx
import pytest

from connector.demo import faults
from connector.demo.server import DemoHelpdesk, Limits
from connector.demo.story import read_story

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from starlette.types import Receive, Scope, Send

    from connector.clock import ManualClock

TICKETS = "/api/v2/incremental/tickets/cursor.json?start_time=0"
USERS = "/api/v2/incremental/users/cursor.json?start_time=0"
EVENTS = "/api/v2/incremental/ticket_events.json?start_time=0"
TICKET = "/api/v2/tickets/1.json"


class TestLimits:
    """Fixed windows of a minute, by the helpdesk's clock."""

    def test_both_families_of_headers_tell_what_is_left(
        self,
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., httpx.Client],
        clock: ManualClock,
    ) -> None:
        """Every answer carries them, refusals too."""
        api = connect(serve(limits=Limits(requests=3)))
        clock.advance(15)
        first = api.get(TICKET).headers
        missing = api.get("/api/v2/tickets/9").headers
        assert (first["x-rate-limit"], first["x-rate-limit-remaining"]) == ("3", "2")
        assert (first["ratelimit-limit"], first["ratelimit-remaining"]) == ("3", "2")
        assert first["ratelimit-reset"] == "45"
        assert missing["x-rate-limit-remaining"] == "1"

    def test_beyond_the_limit_it_is_429_until_the_window_ends(
        self,
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., httpx.Client],
        clock: ManualClock,
    ) -> None:
        """`Retry-After` says when; a second earlier is too early."""
        api = connect(serve(limits=Limits(requests=2)))
        clock.advance(20)
        assert [api.get(TICKET).status_code for _ in range(3)] == [200, 200, 429]
        refused = api.get(TICKET)
        assert refused.headers["retry-after"] == "40"
        assert refused.headers["x-rate-limit-remaining"] == "0"
        assert refused.json()["error"] == "APIRateLimitExceeded"
        clock.advance(39)
        assert api.get(TICKET).status_code == 429
        clock.advance(1)
        assert api.get(TICKET).status_code == 200

    def test_the_exports_share_a_limit_and_the_users_have_their_own(
        self, serve: Callable[..., DemoHelpdesk], connect: Callable[..., httpx.Client]
    ) -> None:
        """Tickets and events spend one budget, users another, tickets by id none."""
        api = connect(serve(limits=Limits(exports=2, users_export=1)))
        paths = (TICKETS, EVENTS, EVENTS, USERS, USERS, TICKET)
        codes = [api.get(path).status_code for path in paths]
        assert codes == [200, 200, 429, 200, 429, 200]

    @pytest.mark.parametrize(
        ("path", "name", "total"),
        [
            (TICKETS, "zendesk-ratelimit-incremental-exports-cursor", 10),
            (USERS, "zendesk-ratelimit-incremental-exports-cursor", 20),
            (EVENTS, "zendesk-ratelimit-incremental-exports", 10),
        ],
    )
    def test_an_export_tells_of_its_own_limit(
        self,
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., httpx.Client],
        path: str,
        name: str,
        total: int,
    ) -> None:
        """In a header of its own, beside the account's."""
        headers = connect(serve(limits=Limits())).get(path).headers
        assert headers[name] == f"total={total}; remaining={total - 1}; resets=60"
        assert headers["x-rate-limit"] == "700"


class TestFaults:
    """What can be put in a reader's way."""

    def test_a_status_comes_so_often_and_only_there(
        self, helpdesk: DemoHelpdesk, api: httpx.Client
    ) -> None:
        """Two answers of 503 on one path; other paths and later requests go through."""
        fault = faults.status(503, times=2, path="/tickets/1$", headers={"Retry-After": "7"})
        helpdesk.faults.append(fault)
        assert api.get("/api/v2/users/100").status_code == 200
        answers = [api.get(TICKET) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [503, 503, 200]
        assert answers[0].headers["retry-after"] == "7"

    def test_the_edge_says_429_in_its_own_way(
        self, helpdesk: DemoHelpdesk, api: httpx.Client
    ) -> None:
        """Without `Retry-After`, and with a status that is a string."""
        helpdesk.faults.append(faults.edge_limited())
        refused = api.get(TICKET)
        assert (refused.status_code, refused.json()["status"]) == (429, "429")
        assert "retry-after" not in refused.headers

    def test_an_answer_may_be_no_json(self, helpdesk: DemoHelpdesk, api: httpx.Client) -> None:
        """A proxy's page, with status 200."""
        helpdesk.faults.append(faults.not_json())
        answer = api.get(TICKET)
        assert answer.status_code == 200
        with pytest.raises(ValueError, match="Expecting value"):
            answer.json()

    @pytest.mark.parametrize("fault", [faults.half_body, faults.reset])
    def test_a_connection_may_break(
        self, helpdesk: DemoHelpdesk, api: httpx.Client, fault: Callable[[], faults.Fault]
    ) -> None:
        """In the middle of an answer or before it; the next request goes through."""
        helpdesk.faults.append(fault())
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            api.get(TICKET)
        assert api.get(TICKET).status_code == 200

    def test_an_answer_may_never_come(self, helpdesk: DemoHelpdesk, api: httpx.Client) -> None:
        """Until the client gives up; others are still served."""
        helpdesk.faults.append(faults.hang())
        with pytest.raises(httpx.ReadTimeout):
            api.get(TICKET, timeout=0.1)
        assert api.get(TICKET).status_code == 200

    def test_a_hanging_request_does_not_keep_the_helpdesk_open(
        self, document: dict[str, Any]
    ) -> None:
        """Closing it ends whoever still waits."""
        taken = threading.Event()
        hang = faults.hang()

        async def play(scope: Scope, receive: Receive, send: Send) -> None:
            taken.set()
            await hang.play(scope, receive, send)

        with DemoHelpdesk(read_story(document)) as helpdesk:
            helpdesk.faults.append(faults.Fault(play))
            host, port = helpdesk.url.removeprefix("http://").split(":")
            waiting = socket.create_connection((host, int(port)))
            waiting.sendall(b"GET /api/v2/tickets/1 HTTP/1.1\r\nHost: x\r\n\r\n")
            assert taken.wait(10)
        with waiting:
            assert b" 200 " not in waiting.recv(100)


class TestServer:
    """The server itself."""

    def test_the_date_is_the_helpdesks_own(self, api: httpx.Client, clock: ManualClock) -> None:
        """So that a reader can tell how far its clock is off."""
        told = parsedate_to_datetime(api.get(TICKET).headers["date"])
        assert told == clock.now()

    def test_every_request_is_remembered(self, helpdesk: DemoHelpdesk, api: httpx.Client) -> None:
        """With its answer; 0 where there was none."""
        helpdesk.faults.append(faults.reset(path="users"))
        api.get("/api/v2/tickets/9.json?x=1")
        with pytest.raises(httpx.HTTPError):
            api.get("/api/v2/users/100")
        told = [(seen.method, seen.path, seen.query, seen.status) for seen in helpdesk.seen]
        assert told == [
            ("GET", "/api/v2/tickets/9", "x=1", 404),
            ("GET", "/api/v2/users/100", "", 0),
        ]

    def test_its_own_clock_goes_on_from_the_storys_present(
        self, document: dict[str, Any], connect: Callable[..., httpx.Client]
    ) -> None:
        """Without a clock of the test's it stands at `as_of` and moves."""
        story = read_story(document)
        with DemoHelpdesk(story) as helpdesk:
            told = parsedate_to_datetime(connect(helpdesk).get(TICKET).headers["date"])
        assert 0 <= (told - story.as_of).total_seconds() < 60

    def test_a_port_that_is_taken_is_an_error_at_once(self, helpdesk: DemoHelpdesk) -> None:
        """Not a server that never answers."""
        port = int(helpdesk.url.rsplit(":", 1)[1])
        story = helpdesk.state.story
        with pytest.raises(OSError, match="in use"):
            DemoHelpdesk(story, port=port)


def test_a_fault_of_the_simulation_itself_is_not_swallowed(
    document: dict[str, Any], connect: Callable[..., httpx.Client]
) -> None:
    """A test that met a 500 of ours fails, even if its reader took it for the helpdesk's."""

    async def play(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise LookupError("a mistake")

    with contextlib.ExitStack() as opened:
        helpdesk = opened.enter_context(DemoHelpdesk(read_story(document)))
        helpdesk.faults.append(faults.Fault(play))
        assert connect(helpdesk).get(TICKET).status_code == 500
        with pytest.raises(LookupError, match="a mistake"):
            opened.close()
