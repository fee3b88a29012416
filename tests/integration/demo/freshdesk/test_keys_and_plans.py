"""Who may ask, and what a plan holds."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import httpx
import pytest

from connector.demo.server import Credentials, DemoHelpdesk, FreshdeskKeys, FreshdeskPlan, Limits
from connector.demo.story import read_story

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

RATINGS = "/surveys/satisfaction_ratings"


def basic(name: str) -> str:
    """A Basic header of `name` and any password."""
    return "Basic " + base64.b64encode(f"{name}:anything at all".encode()).decode()


class TestKeys:
    """HTTP Basic, the key as the user."""

    @pytest.mark.parametrize(
        "authorization",
        [None, "", "Basic !", "Basic /w==", basic("wrong"), basic(""), "Bearer demo-admin-key"],
    )
    def test_without_a_good_key_it_is_401(
        self, helpdesk: DemoHelpdesk, authorization: str | None
    ) -> None:
        """In the envelope of two keys that account errors have."""
        headers = {} if authorization is None else {"Authorization": authorization}
        refused = httpx.get(f"{helpdesk.url}/api/v2/agents/me", headers=headers)
        assert refused.status_code == 401
        assert set(refused.json()) == {"code", "message"}
        assert refused.json()["code"] == "invalid_credentials"

    def test_any_password_goes_with_the_key(self, helpdesk: DemoHelpdesk) -> None:
        """Only the user of the Basic header is looked at."""
        headers = {"Authorization": basic(helpdesk.keys.admin)}
        answer = httpx.get(f"{helpdesk.url}/api/v2/agents/me", headers=headers)
        assert (answer.json()["id"], answer.json()["contact"]["name"]) == (10, "Dana")

    def test_an_agents_key_reads_tickets_and_not_the_list_of_agents(
        self, helpdesk: DemoHelpdesk, connect: Callable[..., httpx.Client]
    ) -> None:
        """It knows its own owner, though."""
        api = connect(helpdesk, helpdesk.keys.agent)
        me = api.get("/agents/me").json()
        assert (me["id"], me["ticket_scope"]) == (11, 1)
        assert api.get("/tickets/8").status_code == 200
        for path in ("/agents", "/agents/10"):
            refused = api.get(path)
            assert (refused.status_code, refused.json()["code"]) == (403, "access_denied")

    def test_a_restricted_key_sees_only_its_owners_tickets(
        self, helpdesk: DemoHelpdesk, connect: Callable[..., httpx.Client]
    ) -> None:
        """The others are missing from the list, and denied by id."""
        api = connect(helpdesk, helpdesk.keys.restricted)
        listed = api.get("/tickets", params={"updated_since": "2020-01-01T00:00:00Z"}).json()
        assert {row["id"] for row in listed} == {1, 2, 3, 4, 5, 6, 7, 9}
        assert api.get("/tickets/8").json()["code"] == "access_denied"
        assert api.get("/tickets/8/conversations").status_code == 403
        assert api.get("/agents/me").json()["ticket_scope"] == 3

    def test_the_owner_of_a_key_can_leave(self, happen: Callable[..., httpx.Client]) -> None:
        """Then nobody is left whose key it is."""
        api = happen({"do": "update_agent", "agent": 10, "set": {"active": False}})
        assert api.get("/agents/me").status_code == 401


class TestPlans:
    """What an account has and how it is told so."""

    def test_a_small_plan_has_no_ratings(
        self, serve: Callable[..., DemoHelpdesk], connect: Callable[..., httpx.Client]
    ) -> None:
        """403 and `require_feature`, of a ticket and of all."""
        api = connect(serve(ratings=False))
        for path in (RATINGS, "/tickets/8/satisfaction_ratings"):
            refused = api.get(path)
            assert (refused.status_code, refused.json()["code"]) == (403, "require_feature")

    @pytest.mark.parametrize(
        ("provider", "more"),
        [
            ("freshdesk", {"limits": Limits()}),
            ("freshdesk", {"credentials": Credentials()}),
            ("zendesk", {"plan": FreshdeskPlan()}),
            ("zendesk", {"keys": FreshdeskKeys()}),
        ],
    )
    def test_what_belongs_to_the_other_vendor_is_refused(
        self, document: dict[str, Any], provider: Any, more: dict[str, Any]
    ) -> None:
        """It would be passed over in silence otherwise."""
        with pytest.raises(ValueError, match="Zendesk's, plan and keys a Freshdesk's"):
            DemoHelpdesk(read_story(document), provider=provider, **more)


def test_a_path_that_is_not_there_is_404_and_a_method_405(reader: httpx.Client) -> None:
    """Both with an empty body; Zendesk's `.json` is no path here."""
    for answer, code in (
        (reader.get("/users"), 404),
        (reader.get("/tickets/1.json"), 404),
        (reader.delete("/tickets/1"), 405),
    ):
        assert (answer.status_code, answer.content) == (code, b"")
