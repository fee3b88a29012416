"""Tokens as they are: short, silent about their end, narrower than asked for, hard to get."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from connector.demo import faults
from connector.demo.server import Credentials
from connector.errors import CredentialsError, LimitedError, RetryableError
from connector.http import Transport
from connector.zendesk import ClientCredentials
from tests.integration.zendesk.reading import check, messages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Receive, Scope, Send

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk
    from connector.http import Response
    from connector.zendesk import Zendesk

    Serve = Callable[..., DemoHelpdesk]
    Connect = Callable[..., Zendesk]

TICKETS = ["1", "2", "3", "4", "5"] * 4


def tokens(helpdesk: DemoHelpdesk) -> int:
    """How many tokens were asked for."""
    return sum(seen.path == "/oauth/tokens" for seen in helpdesk.seen)


def refused(helpdesk: DemoHelpdesk) -> int:
    """How many requests met a token that was no longer good."""
    return sum(seen.status == 401 for seen in helpdesk.seen)


def revoked() -> faults.Fault:
    """From now on the first token that is seen is no longer good; others are."""
    refusal = faults.status(401, {"error": "invalid_token"})
    first: list[bytes] = []

    async def play(scope: Scope, receive: Receive, send: Send) -> None:
        token = dict(scope["headers"]).get(b"authorization", b"")
        if token and token in (first or [token]):
            first[:] = [token]
            await refusal.play(scope, receive, send)
        else:
            await scope["state"]["answer"](scope, receive, send)

    return faults.Fault(play, faults.ALWAYS)


def at_once(zendesk: Zendesk, then: Callable[[], None] = lambda: None) -> int:
    """Sign in, let something happen, and read twenty tickets at once: how many came."""

    async def run() -> int:
        async with zendesk:
            await zendesk.check()
            then()
            reading = (messages(zendesk, [ticket]) for ticket in TICKETS)
            found = await asyncio.gather(*reading, return_exceptions=True)
            for pages in found:
                if isinstance(pages, BaseException):
                    raise pages
            return sum(bool(pages) for pages in found)

    return asyncio.run(run())


@pytest.mark.parametrize("tells_end", [True, False], ids=["told", "untold"])
def test_a_token_that_ends_costs_one_more_for_twenty_requests(
    serve: Serve, connect: Connect, clock: ManualClock, *, tells_end: bool
) -> None:
    """Renewed before its end where that is told, else after its first refusals."""
    told = Credentials(token_seconds=300, tells_end=tells_end)
    helpdesk = serve(credentials=told, latency=0.01)
    assert at_once(connect(helpdesk), lambda: clock.advance(301)) == 20
    assert tokens(helpdesk) == 2
    assert (refused(helpdesk) == 0) == tells_end


def test_a_token_that_is_revoked_costs_one_more(serve: Serve, connect: Connect) -> None:
    """However many requests are on their way when it happens."""
    helpdesk = serve(latency=0.01)
    assert at_once(connect(helpdesk), lambda: helpdesk.faults.append(revoked())) == 20
    assert tokens(helpdesk) == 2
    assert refused(helpdesk) > 0


def test_the_first_token_is_asked_for_once(serve: Serve, connect: Connect) -> None:
    """Twenty requests that have none yet share one."""
    helpdesk = serve(latency=0.01)
    zendesk = connect(helpdesk)

    async def run() -> None:
        async with zendesk:
            await messages(zendesk, TICKETS)

    asyncio.run(run())
    assert tokens(helpdesk) == 1


@pytest.mark.parametrize(
    "fault",
    [
        faults.status(500, path="/oauth/tokens", times=3),
        faults.status(503, headers={"Retry-After": "5"}, path="/oauth/tokens", times=3),
        faults.status(429, {"error": "x"}, headers={"Retry-After": "7"}, path="/oauth", times=3),
        faults.edge_limited(path="/oauth/tokens", times=3),
        faults.reset(path="/oauth/tokens", times=3),
    ],
    ids=["500", "503", "429", "edge", "reset"],
)
def test_a_token_that_is_hard_to_get_is_asked_for_by_one(
    serve: Serve, connect: Connect, clock: ManualClock, fault: Any
) -> None:
    """Three failures and one success: the other nineteen requests wait and ask for nothing."""
    helpdesk = serve(credentials=Credentials(token_seconds=300), latency=0.005)

    def happen() -> None:
        clock.advance(301)
        helpdesk.faults.append(replace(fault))

    assert at_once(connect(helpdesk), happen) == 20
    assert tokens(helpdesk) == 1 + 4


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (faults.status(401, {"error": "invalid_client"}, times=99), (CredentialsError, "401")),
        (faults.status(400, {"error": "invalid_request"}, times=99), (CredentialsError, "400")),
        (faults.status(400, {"error": "invalid_scope"}, times=99), (CredentialsError, "scope")),
        (faults.status(403, {"error": "access_denied"}, times=99), (CredentialsError, "403")),
        (faults.status(500, times=99), (RetryableError, "500")),
        (
            faults.status(429, headers={"Retry-After": "900"}, times=99),
            (LimitedError, "limits"),
        ),
    ],
    ids=["401", "400", "scope", "403", "500", "429"],
)
def test_a_token_that_is_not_to_be_had_stops_all(
    serve: Serve, connect: Connect, clock: ManualClock, fault: Any, told: Any
) -> None:
    """Refusals at once, with exit code 4; trouble after a while, with 7; by one request's tries."""
    helpdesk = serve(credentials=Credentials(token_seconds=300), latency=0.005)

    def happen() -> None:
        clock.advance(301)
        helpdesk.faults.append(replace(fault, path="/oauth/tokens"))

    began = clock.monotonic()
    error, word = told
    with pytest.raises(error, match=word) as caught:
        at_once(connect(helpdesk), happen)
    assert caught.value.exit_code == (4 if error is CredentialsError else 7)
    assert tokens(helpdesk) <= 1 + 12
    assert clock.monotonic() - began <= 301 + 300
    assert "demo-client-secret" not in f"{caught.value.detail} {caught.value.hint}"


def test_a_client_that_may_not_read_is_told_which_scope_it_lacks(
    serve: Serve, connect: Connect
) -> None:
    """Zendesk hands it a token all the same, which is refused everywhere."""
    helpdesk = serve(credentials=Credentials(allowed=frozenset({"tickets:read"})))
    with pytest.raises(CredentialsError, match="without the scope read") as caught:
        asyncio.run(check(connect(helpdesk)))
    assert "Admin Center" in caught.value.hint
    assert tokens(helpdesk) == len(helpdesk.seen) == 1


def test_a_client_that_may_not_write_reads_and_is_warned(serve: Serve, connect: Connect) -> None:
    """The scope that is missing is named."""
    known = Credentials(allowed=frozenset({"read"}))
    writer = ClientCredentials(known.client_id, known.client_secret, ("read", "tickets:write"))
    access = asyncio.run(check(connect(serve(credentials=known), credentials=writer)))
    assert len(access.warnings) == 1
    assert "tickets:write" in access.warnings[0]


def test_a_client_that_may_write_writes_a_note(serve: Serve, connect: Connect) -> None:
    """With the scope it asked for; without asking it may not."""
    helpdesk = serve()
    known = helpdesk.credentials
    writer = ClientCredentials(known.client_id, known.client_secret, ("read", "tickets:write"))

    async def note(zendesk: Zendesk) -> str:
        async with zendesk:
            return await zendesk.add_note("4", "Likes to be rung after six")

    name = asyncio.run(note(connect(helpdesk, credentials=writer)))
    found = asyncio.run(whole(connect(helpdesk), "4"))
    assert (found[-1].id, found[-1].public) == (name, False)
    with pytest.raises(CredentialsError, match="403"):
        asyncio.run(note(connect(helpdesk)))


async def whole(zendesk: Zendesk, ticket: str) -> list[Any]:
    """All messages of a ticket."""
    async with zendesk:
        return [m for page in await messages(zendesk, [ticket]) for m in page.messages]


class Stripped(Transport):
    """A way to the helpdesk on which somebody takes the credentials away."""

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        document: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send it without them."""
        rest = {k: v for k, v in (headers or {}).items() if k != "Authorization"}
        return await super().send(method, path, params=params, document=document, headers=rest)


def test_whom_zendesk_takes_for_nobody_is_told(serve: Serve, connect: Connect) -> None:
    """It answers 200 to strangers; that is no sign of health."""
    helpdesk = serve()
    with pytest.raises(CredentialsError, match="does not know these credentials"):
        asyncio.run(check(connect(helpdesk, wire=Stripped(helpdesk.url))))
    assert helpdesk.seen[-1].status == 200


def test_an_admin_who_has_left_takes_the_token_along(
    serve: Serve, connect: Connect, document: dict[str, Any], clock: ManualClock
) -> None:
    """A client's tokens act for whoever made it: exit code 4, not an endless renewal."""
    at = int(clock.now().timestamp()) + 60
    told = {"at": at, "do": "update_agent", "agent": 10, "set": {"active": False}}
    document["changes"] = [told]
    helpdesk = serve()
    with pytest.raises(CredentialsError, match="refuses"):
        at_once(connect(helpdesk), lambda: clock.advance(120))
    assert tokens(helpdesk) <= 2 + 20
