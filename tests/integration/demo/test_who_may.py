"""Credentials: tokens, their scope and their end, and what Zendesk says to those without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.demo.server import Credentials

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk

CLIENT = {
    "grant_type": "client_credentials",
    "client_id": "remember-them",
    "client_secret": Credentials().client_secret,
    "scope": "read",
}
ME = "/api/v2/users/me.json"


def bearer(grant: httpx.Response) -> dict[str, str]:
    """The header that a granted token makes."""
    return {"Authorization": f"Bearer {grant.json()['access_token']}"}


class TestTokens:
    """`POST /oauth/tokens` with client credentials."""

    def test_a_client_gets_a_token_that_acts_as_an_admin(self, api: httpx.Client) -> None:
        """The token reads, and says how long and what for."""
        grant = api.post("/oauth/tokens", json=CLIENT)
        assert grant.status_code == 200
        assert grant.json() | {"access_token": ""} == {
            "access_token": "",
            "token_type": "bearer",
            "scope": "read",
            "expires_in": 1800,
        }
        assert api.get(ME, headers=bearer(grant)).json()["user"]["role"] == "admin"

    def test_a_token_ends_by_the_helpdesks_clock(
        self, api: httpx.Client, clock: ManualClock
    ) -> None:
        """A second before its end it reads, then it is stale."""
        grant = api.post("/oauth/tokens", json={**CLIENT, "expires_in": 300})
        clock.advance(299)
        assert api.get(ME, headers=bearer(grant)).status_code == 200
        clock.advance(1)
        stale = api.get(ME, headers=bearer(grant))
        assert (stale.status_code, stale.json()["error"]) == (401, "invalid_token")

    def test_an_older_client_gets_no_expires_in(
        self, serve: Callable[..., DemoHelpdesk], connect: Callable[..., httpx.Client]
    ) -> None:
        """Its tokens never end."""
        helpdesk = serve(credentials=Credentials(token_seconds=None))
        assert "expires_in" not in connect(helpdesk).post("/oauth/tokens", json=CLIENT).json()

    @pytest.mark.parametrize(
        ("changed", "status", "error"),
        [
            ({"client_secret": "wrong"}, 401, "invalid_client"),
            ({"client_id": "wrong"}, 401, "invalid_client"),
            ({"grant_type": "password"}, 400, "unsupported_grant_type"),
            ({"expires_in": 299}, 400, "invalid_request"),
            ({"expires_in": 172_801}, 400, "invalid_request"),
            ({"expires_in": "long"}, 400, "invalid_request"),
            ({"expires_in": None}, 400, "invalid_request"),
        ],
    )
    def test_a_bad_request_gets_no_token(
        self, api: httpx.Client, changed: dict[str, Any], status: int, error: str
    ) -> None:
        """What is wrong is named the OAuth way."""
        refused = api.post("/oauth/tokens", json={**CLIENT, **changed})
        assert (refused.status_code, refused.json()["error"]) == (status, error)

    @pytest.mark.parametrize("body", [b"", b"[]", b"grant_type=client_credentials"])
    def test_the_body_is_a_json_object(self, api: httpx.Client, body: bytes) -> None:
        """A form is not understood."""
        assert api.post("/oauth/tokens", content=body).status_code == 400

    def test_an_unknown_scope_yields_a_token_that_may_nothing(self, api: httpx.Client) -> None:
        """The grant says less than was asked, and every answer is 403."""
        grant = api.post("/oauth/tokens", json={**CLIENT, "scope": "raed"})
        assert (grant.status_code, grant.json()["scope"]) == (200, "")
        assert api.get(ME, headers=bearer(grant)).status_code == 403


class TestMe:
    """`GET /users/me`, the health check that is none."""

    @pytest.mark.parametrize("path", [ME, "/api/v2/users/me"])
    def test_without_credentials_it_is_200_and_nobody(
        self, helpdesk: DemoHelpdesk, connect: Callable[..., httpx.Client], path: str
    ) -> None:
        """Only the id tells that nobody is there."""
        answer = connect(helpdesk, headers={}).get(path)
        assert (answer.status_code, answer.json()["user"]["id"]) == (200, None)

    @pytest.mark.parametrize(
        "headers",
        [
            {"Authorization": "Bearer nonsense"},
            {"Authorization": "Basic nonsense"},
            {"Authorization": "Basic ZGFuYUBhY21lLmV4YW1wbGUvdG9rZW46d3Jvbmc="},
            {"Authorization": "Digest x"},
        ],
    )
    def test_wrong_credentials_are_401(
        self,
        helpdesk: DemoHelpdesk,
        connect: Callable[..., httpx.Client],
        headers: dict[str, str],
    ) -> None:
        """With the envelope that is a bare string."""
        answer = connect(helpdesk, headers=headers).get(ME)
        assert answer.status_code == 401
        assert answer.json() == {"error": "Couldn't authenticate you"}


class TestWho:
    """Who may ask for what."""

    def test_an_api_token_acts_as_the_agent_whose_email_it_comes_with(
        self, helpdesk: DemoHelpdesk, connect: Callable[..., httpx.Client]
    ) -> None:
        """Basic authentication with `email/token`."""
        auth = ("eli@acme.example/token", helpdesk.credentials.api_token)
        client = connect(helpdesk, headers={}, auth=auth)
        assert client.get(ME).json()["user"]["id"] == 11

    @pytest.mark.parametrize("name", ["ana@mail.example/token", "eli@acme.example"])
    def test_neither_customers_nor_passwords_come_in(
        self, helpdesk: DemoHelpdesk, connect: Callable[..., httpx.Client], name: str
    ) -> None:
        """Only staff has API tokens, and password authentication has ended."""
        client = connect(helpdesk, headers={}, auth=(name, helpdesk.credentials.api_token))
        assert client.get(ME).status_code == 401

    @pytest.mark.parametrize(
        "path",
        [
            "incremental/users/cursor?start_time=0",
            "incremental/tickets/cursor?start_time=0",
            "incremental/ticket_events?start_time=0",
            "incremental/organizations?start_time=0",
            "satisfaction_ratings",
        ],
    )
    def test_exports_and_ratings_are_for_admins(
        self, helpdesk: DemoHelpdesk, connect: Callable[..., httpx.Client], path: str
    ) -> None:
        """An agent gets 403 and the envelope with a title."""
        auth = ("eli@acme.example/token", helpdesk.credentials.api_token)
        refused = connect(helpdesk, headers={}, auth=auth).get(f"/api/v2/{path}")
        assert (refused.status_code, refused.json()["error"]["title"]) == (403, "Forbidden")

    def test_an_agent_may_read_comments(
        self, helpdesk: DemoHelpdesk, connect: Callable[..., httpx.Client]
    ) -> None:
        """What is not an export is for every agent."""
        auth = ("eli@acme.example/token", helpdesk.credentials.api_token)
        client = connect(helpdesk, headers={}, auth=auth)
        assert client.get("/api/v2/tickets/1/comments").status_code == 200

    def test_nothing_else_is_open_to_strangers(
        self, helpdesk: DemoHelpdesk, connect: Callable[..., httpx.Client]
    ) -> None:
        """Without credentials everything but users/me is 401."""
        assert connect(helpdesk, headers={}).get("/api/v2/tickets.json").status_code == 401

    def test_a_story_without_an_admin_gets_an_owner(
        self,
        document: dict[str, Any],
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., httpx.Client],
    ) -> None:
        """Somebody must own the account that tokens act for."""
        del document["agents"][0]["role"]
        me = connect(serve()).get(ME).json()["user"]
        assert (me["role"], me["id"]) == ("admin", 103)
