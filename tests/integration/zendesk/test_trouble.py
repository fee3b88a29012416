"""Limits, faults and refusals on the way to a helpdesk, over real HTTP."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from connector.clock import ManualClock, SystemClock
from connector.demo import faults
from connector.demo.server import Credentials, DemoHelpdesk
from connector.demo.zendesk.limits import Limits
from connector.errors import (
    CredentialsError,
    HelpdeskError,
    LimitedError,
    MalformedError,
    RetryableError,
)
from connector.http import Transport
from connector.zendesk import AccessToken, ApiToken, ClientCredentials, Zendesk
from tests.integration.zendesk.reading import check, everything, messages, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.demo.faults import Fault

    Serve = Callable[..., DemoHelpdesk]
    Connect = Callable[..., Zendesk]


def test_the_share_of_every_limit_is_kept(
    serve: Serve, connect: Connect, document: dict[str, Any]
) -> None:
    """Twenty requests at once stay within half of the account's limit in every minute."""
    document["tickets"] = [
        {**document["tickets"][2], "id": 1000 + i, "rating": None} for i in range(200)
    ]
    helpdesk = serve(limits=Limits(requests=100, exports=4, users_export=4))
    zendesk = connect(helpdesk, share=0.5)
    found = asyncio.run(everything(zendesk))
    assert len(found["messages"]) == 200
    assert zendesk.usage.refused == {}
    assert sum(zendesk.usage.waited.values()) > 0
    minutes = Counter(int(seen.at.timestamp()) // 60 for seen in helpdesk.seen)
    assert max(minutes.values()) <= 52
    exports = Counter(
        int(seen.at.timestamp()) // 60
        for seen in helpdesk.seen
        if "/v2/incremental/" in seen.path and "users" not in seen.path
    )
    assert max(exports.values()) <= 2


@pytest.mark.parametrize(
    "fault",
    [
        faults.status(503, times=2),
        faults.status(500, path="/comments", times=3),
        faults.status(409, path="/incremental/users"),
        faults.status(429, {"error": "x"}, headers={"Retry-After": "30"}, path="/tickets/cursor"),
        faults.edge_limited(path="/comments", times=2),
        faults.not_json(path="/incremental"),
        faults.half_body(path="/tickets/cursor"),
        faults.reset(path="/comments", times=2),
        faults.status(401, {"error": "invalid_token"}, path="/incremental/tickets"),
        faults.status(503, path="/oauth/tokens"),
    ],
    ids=[
        "503",
        "500",
        "409",
        "429",
        "edge",
        "html",
        "half",
        "reset",
        "401",
        "token",
    ],
)
def test_what_passes_changes_nothing(serve: Serve, connect: Connect, fault: Fault) -> None:
    """With any fault on the way, the account that is read is the same."""
    undisturbed = asyncio.run(everything(connect(serve())))
    helpdesk = serve()
    helpdesk.faults.append(replace(fault))
    assert asyncio.run(everything(connect(helpdesk))) == undisturbed
    assert helpdesk.faults[0].times == 0


def test_a_storm_of_errors_stops_resumable(serve: Serve, connect: Connect) -> None:
    """Exit code 7, and a hint."""
    helpdesk = serve()
    helpdesk.faults.append(faults.status(503, times=1000, path="/incremental"))
    with pytest.raises(RetryableError) as caught:
        asyncio.run(everything(connect(helpdesk)))
    assert caught.value.exit_code == 7
    assert "again" in caught.value.hint


def test_a_wait_beyond_the_cap_stops(serve: Serve, connect: Connect) -> None:
    """At once, whatever the clock."""
    helpdesk = serve()
    helpdesk.faults.append(faults.status(429, headers={"Retry-After": "301"}, times=9))
    with pytest.raises(LimitedError):
        asyncio.run(everything(connect(helpdesk)))
    assert len(helpdesk.seen) == 1


def test_a_page_that_stays_garbled_says_what_to_check(serve: Serve, connect: Connect) -> None:
    """A sign-in page is no helpdesk."""
    helpdesk = serve()
    helpdesk.faults.append(faults.not_json(times=9))
    with pytest.raises(MalformedError, match="web page"):
        asyncio.run(check(connect(helpdesk)))


@pytest.mark.parametrize(
    ("credentials", "word"),
    [
        (ClientCredentials("remember-them", "wrong"), "refuses"),
        (AccessToken("wrong"), "refuses"),
        (ApiToken("dana@acme.example", "wrong"), "refuses"),
        (ApiToken("eli@acme.example", "demo-api-token"), "no admin"),
    ],
    ids=["client", "token", "api-token", "agent"],
)
def test_credentials_that_do_not_do_are_refused(
    serve: Serve, connect: Connect, credentials: Any, word: str
) -> None:
    """Before anything is read; the secret is not repeated."""
    with pytest.raises(CredentialsError, match=word) as caught:
        asyncio.run(check(connect(serve(), credentials=credentials)))
    assert "wrong" not in caught.value.detail


@pytest.mark.parametrize(
    "credentials",
    [AccessToken("demo-access-token"), ApiToken("dana@acme.example", "demo-api-token")],
    ids=["token", "api-token"],
)
def test_other_credentials_do_as_well(serve: Serve, connect: Connect, credentials: Any) -> None:
    """A static token, or an agent's API token while there are any."""
    assert asyncio.run(check(connect(serve(), credentials=credentials))).user_id == "10"


def test_a_token_that_ends_on_the_way_is_renewed(
    serve: Serve, connect: Connect, clock: ManualClock
) -> None:
    """Before its end where that is known, else when it is refused."""
    helpdesk = serve(credentials=Credentials(token_seconds=600))
    zendesk = connect(helpdesk)

    async def run() -> None:
        async with zendesk:
            await zendesk.check()
            clock.advance(700)
            await messages(zendesk, ["1", "2", "3", "4", "5"])

    asyncio.run(run())
    tokens = [seen for seen in helpdesk.seen if seen.path == "/oauth/tokens"]
    assert len(tokens) == 2
    assert not [seen for seen in helpdesk.seen if seen.status == 401]


def test_nobody_at_the_address_is_told_soon(clock: ManualClock) -> None:
    """A refused connection names the address and ends with exit code 7."""
    zendesk = Zendesk("http://127.0.0.1:9", AccessToken("t"), clock=clock)

    with pytest.raises(HelpdeskError, match=r"127\.0\.0\.1:9 cannot be reached") as caught:
        asyncio.run(check(zendesk))
    assert caught.value.exit_code == 7
    assert clock.monotonic() <= 15


def test_a_silent_helpdesk_is_given_up(serve: Serve) -> None:
    """An open connection without an answer is no answer."""
    helpdesk = serve()
    helpdesk.faults.append(faults.hang(times=9))

    async def send() -> None:
        transport = Transport(helpdesk.url, silence=0.2)
        try:
            await transport.send("GET", "/api/v2/users/me")
        finally:
            await transport.close()

    with pytest.raises(RetryableError, match="silent"):
        asyncio.run(send())


def test_an_endless_answer_is_given_up(serve: Serve) -> None:
    """Memory is not filled by whoever answers at this address."""
    helpdesk = serve()
    helpdesk.faults.append(faults.status(200, {"filler": "x" * 300_000}))

    async def send() -> None:
        transport = Transport(helpdesk.url, largest=1 << 18)
        try:
            await transport.send("GET", "/api/v2/users/me")
        finally:
            await transport.close()

    with pytest.raises(MalformedError, match="larger"):
        asyncio.run(send())


def test_a_redirect_is_not_followed(serve: Serve, connect: Connect) -> None:
    """Credentials go to no address but the one that was set."""
    helpdesk, other = serve(), serve()
    there = {"Location": other.url + "/api/v2/users/me"}
    helpdesk.faults.append(faults.status(302, headers=there, path="/users/me"))
    with pytest.raises(Exception, match="another address"):
        asyncio.run(check(connect(helpdesk)))
    assert not other.seen


def test_stopping_in_the_middle_is_quick_and_clean(serve: Serve, connect: Connect) -> None:
    """A cancelled reading lets go of everything while requests are in flight."""
    helpdesk = serve(latency=0.05)
    zendesk = connect(helpdesk, clock=SystemClock())

    async def run() -> None:
        async with zendesk:
            await zendesk.check()
            reading = asyncio.create_task(messages(zendesk, ["1", "2", "3", "4", "5"] * 20))
            await asyncio.sleep(0.2)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(reading, 1)
            pages, _ = await read(zendesk, "organizations")
            assert pages

    asyncio.run(run())
