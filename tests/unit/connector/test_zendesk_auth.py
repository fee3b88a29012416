"""Who we are: headers, tokens, their renewal, and secrets that cannot be printed."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from datetime import UTC, datetime
from typing import Any

import pytest

from connector.clock import ManualClock
from connector.errors import CredentialsError, MalformedError, RetryableError
from connector.zendesk.auth import (
    AccessToken,
    ApiToken,
    Authorization,
    ClientCredentials,
    Credentials,
    Token,
    read_token,
    token_request,
)

CLIENT = ClientCredentials("our-client", "hush-hush")


class Issuer:
    """Hands out numbered tokens, after a moment."""

    def __init__(self, clock: ManualClock, expires_in: object = 1800) -> None:
        self.clock = clock
        self.expires_in = expires_in
        self.requests: list[dict[str, str]] = []
        self.patience: list[float | None] = []
        self.failures: list[Exception] = []

    async def __call__(self, request: dict[str, str], patience: float | None) -> dict[str, Any]:
        """Answer a token request, or fail."""
        self.requests.append(request)
        self.patience.append(patience)
        number = len(self.requests)
        await self.clock.sleep(0.1)
        if self.failures:
            raise self.failures.pop(0)
        return {"access_token": f"t{number}", "scope": "read", "expires_in": self.expires_in}


@pytest.fixture
def clock() -> ManualClock:
    """A clock nobody waits for."""
    return ManualClock(datetime(2026, 7, 7, 9, tzinfo=UTC))


def test_a_static_token_is_a_bearer(clock: ManualClock) -> None:
    """It is sent as it is and cannot be renewed."""
    issuer = Issuer(clock)
    authorization = Authorization(AccessToken("abc"), clock, issuer)
    assert asyncio.run(authorization.header()) == "Bearer abc"
    assert not authorization.renew("Bearer abc")
    assert issuer.requests == []


@pytest.mark.parametrize("token", ["", "a\nb", "tök€n", "two words"])
def test_a_token_that_no_header_can_hold_is_refused(clock: ManualClock, token: str) -> None:
    """A slip in copying is told as such, and the token is not repeated."""
    authorization = Authorization(AccessToken(token), clock, Issuer(clock))
    with pytest.raises(CredentialsError, match="character"):
        asyncio.run(authorization.header())


def test_an_api_token_goes_with_its_agents_address(clock: ManualClock) -> None:
    """Zendesk's basic form is `address/token:token`."""
    authorization = Authorization(ApiToken("dana@acme.example", "xyz"), clock, Issuer(clock))
    scheme, _, value = asyncio.run(authorization.header()).partition(" ")
    assert scheme == "Basic"
    assert b64decode(value) == b"dana@acme.example/token:xyz"
    assert not authorization.renew(f"Basic {value}")


def test_client_credentials_ask_for_the_scope_read() -> None:
    """Nothing is ever written with these tokens."""
    assert token_request(CLIENT) == {
        "grant_type": "client_credentials",
        "client_id": "our-client",
        "client_secret": "hush-hush",
        "scope": "read",
    }


def test_a_token_is_renewed_before_it_ends(clock: ManualClock) -> None:
    """A minute early, so that no request travels with a token that ends on its way."""
    issuer = Issuer(clock)
    authorization = Authorization(CLIENT, clock, issuer)

    async def scenario() -> list[str]:
        seen = [await authorization.header()]
        clock.advance(1739)
        seen.append(await authorization.header())
        clock.advance(2)
        seen.append(await authorization.header())
        return seen

    assert asyncio.run(scenario()) == ["Bearer t1", "Bearer t1", "Bearer t2"]


def test_many_who_need_a_token_share_one_request(clock: ManualClock) -> None:
    """Single flight, at first and after a refusal."""
    issuer = Issuer(clock)
    authorization = Authorization(CLIENT, clock, issuer)

    async def again(refused: str) -> str:
        assert authorization.renew(refused)
        return await authorization.header()

    async def scenario() -> tuple[set[str], set[str]]:
        first = set(await asyncio.gather(*(authorization.header() for _ in range(20))))
        second = set(await asyncio.gather(*(again("Bearer t1") for _ in range(20))))
        return first, second

    assert asyncio.run(scenario()) == ({"Bearer t1"}, {"Bearer t2"})
    assert len(issuer.requests) == 2


def test_a_failure_is_everyones_who_waited_for_the_token(clock: ManualClock) -> None:
    """Nobody asks again for them; whoever comes later does."""
    issuer = Issuer(clock)
    issuer.failures = [RetryableError("busy"), CredentialsError("no")]
    authorization = Authorization(CLIENT, clock, issuer)

    async def at_once() -> set[str]:
        tasks = (authorization.header() for _ in range(20))
        found = await asyncio.gather(*tasks, return_exceptions=True)
        return {str(one) for one in found}

    async def scenario() -> list[set[str]]:
        return [await at_once() for _ in range(3)]

    assert asyncio.run(scenario()) == [{"busy"}, {"no"}, {"Bearer t3"}]
    assert len(issuer.requests) == 3


def test_who_stops_waiting_leaves_the_token_to_the_others(clock: ManualClock) -> None:
    """A cancelled request costs another request for a token and nothing else."""
    issuer = Issuer(clock)
    authorization = Authorization(CLIENT, clock, issuer)

    async def scenario() -> list[Any]:
        tasks = [asyncio.create_task(authorization.header()) for _ in range(3)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        return await asyncio.gather(*tasks[1:])

    assert len(set(asyncio.run(scenario()))) == 1
    assert len(issuer.requests) <= 2


def test_how_patient_to_be_goes_with_the_request(clock: ManualClock) -> None:
    """Someone may sit before the screen."""
    issuer = Issuer(clock)
    asyncio.run(Authorization(CLIENT, clock, issuer).header(15.0))
    assert issuer.patience == [15.0]


def test_a_late_refusal_of_an_old_token_does_not_cost_the_new_one(clock: ManualClock) -> None:
    """An answer that was on its way while the token was renewed changes nothing."""
    authorization = Authorization(CLIENT, clock, Issuer(clock))

    async def scenario() -> str:
        await authorization.header()
        authorization.renew("Bearer t1")
        await authorization.header()
        authorization.renew("Bearer t1")
        return await authorization.header()

    assert asyncio.run(scenario()) == "Bearer t2"


@pytest.mark.parametrize("expires_in", [None, "soon", 0, -5, True])
def test_a_token_that_does_not_say_when_it_ends_is_kept(expires_in: object) -> None:
    """Older OAuth clients' tokens do not end."""
    document = {"access_token": "t", "scope": "read", "expires_in": expires_in}
    assert read_token(document, 100.0) == Token("t")


@pytest.mark.parametrize(
    ("expires_in", "renew_at"), [(1800, 1840.0), (300, 370.0), (172_800, 172_840.0)]
)
def test_short_tokens_are_renewed_sooner(expires_in: int, renew_at: float) -> None:
    """A tenth of the life early, a minute at most."""
    document = {"access_token": "t", "expires_in": expires_in}
    assert read_token(document, 100.0).renew_at == renew_at


@pytest.mark.parametrize("scope", ["", "tickets:read", "reader", "write"])
def test_a_token_that_may_not_read_is_refused_at_once(scope: str) -> None:
    """Zendesk hands out a token for any scope; it would be refused only later, everywhere."""
    with pytest.raises(CredentialsError, match="scope read"):
        read_token({"access_token": "t", "scope": scope}, 0.0)


@pytest.mark.parametrize(
    ("granted", "lacks"),
    [
        ("read", ("tickets:write",)),
        ("read tickets:write", ()),
        ("read write", ()),
        ("read apps:write", ("tickets:write",)),
        (None, ()),
    ],
)
def test_what_was_asked_for_and_not_granted_is_known(
    clock: ManualClock, granted: str | None, lacks: tuple[str, ...]
) -> None:
    """A token that can read does; what else it cannot do is told."""
    writer = ClientCredentials("our-client", "hush-hush", ("read", "tickets:write"))
    assert token_request(writer)["scope"] == "read tickets:write"

    async def ask(_request: dict[str, str], _patience: float | None) -> dict[str, Any]:
        return {"access_token": "t", "scope": granted}

    authorization = Authorization(writer, clock, ask)
    assert authorization.lacks == ()
    assert asyncio.run(authorization.header()) == "Bearer t"
    assert authorization.lacks == lacks


@pytest.mark.parametrize("scope", ["read", "write read", None])
def test_a_token_that_may_read_is_taken(scope: str | None) -> None:
    """More than was asked for, or a silent server, is no fault."""
    assert read_token({"access_token": "t", "scope": scope}, 0.0).value == "t"


@pytest.mark.parametrize("value", [None, 7, "", "a\nb", "tök€n", {}])
def test_an_answer_without_a_usable_token_is_malformed(value: object) -> None:
    """Nothing that cannot stand in a header is put there."""
    with pytest.raises(MalformedError):
        read_token({"access_token": value, "scope": "read"}, 0.0)


@pytest.mark.parametrize(
    "secretive",
    [
        CLIENT,
        AccessToken("hush-hush"),
        ApiToken("dana@acme.example", "hush-hush"),
        Token("hush-hush"),
    ],
)
def test_secrets_cannot_be_printed(secretive: Credentials | Token) -> None:
    """Neither by accident nor in a traceback."""
    assert "hush" not in f"{secretive!r} {secretive}"
    assert "dana" not in repr(secretive)
