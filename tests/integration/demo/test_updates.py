"""What is written to the simulated account, what is counted in it, and samples of its exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.demo.zendesk.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk

AS_OF = 1783414800
NOTE = {"ticket": {"comment": {"body": "Rang him back", "public": False}}}


class TestComments:
    """`PUT /tickets/{id}` with a comment."""

    def test_a_note_is_written_and_named_in_the_audit(self, api: httpx.Client) -> None:
        """The answer holds the ticket, and the audit with the comment among its events."""
        answer = api.put("/api/v2/tickets/1.json", json=NOTE)
        assert answer.status_code == 200
        (event,) = answer.json()["audit"]["events"]
        assert (event["type"], event["body"], event["public"]) == (
            "Comment",
            "Rang him back",
            False,
        )
        assert answer.json()["ticket"]["id"] == 1
        last = api.get("/api/v2/tickets/1/comments").json()["comments"][-1]
        assert (last["id"], last["author_id"], last["public"]) == (event["id"], 10, False)
        assert last["via"]["channel"] == "api"

    def test_a_written_note_reaches_the_exports(
        self, api: httpx.Client, clock: ManualClock
    ) -> None:
        """After the minute in which exports say nothing."""
        api.put("/api/v2/tickets/1", json=NOTE)
        clock.advance(60)
        params: dict[str, Any] = {"start_time": AS_OF, "include": "comment_events"}
        page = api.get("/api/v2/incremental/ticket_events", params=params).json()
        bodies = [c.get("body") for e in page["ticket_events"] for c in e["child_events"]]
        assert bodies == ["Rang him back"]
        tickets = api.get("/api/v2/incremental/tickets/cursor", params=params).json()["tickets"]
        assert [row["id"] for row in tickets] == [1]

    def test_without_a_word_on_it_a_comment_is_as_public_as_its_ticket(
        self, api: httpx.Client
    ) -> None:
        """Whoever forgets to say so writes to the customer."""
        api.put("/api/v2/tickets/1", json={"ticket": {"comment": {"html_body": "<b>Hi</b>"}}})
        last = api.get("/api/v2/tickets/1/comments").json()["comments"][-1]
        assert (last["public"], last["html_body"]) == (True, "<b>Hi</b>")

    def test_an_agent_may_be_named_as_the_author(self, api: httpx.Client) -> None:
        """So that a note is theirs and not the integration's."""
        comment = {"body": "Mine", "public": False, "author_id": 11}
        api.put("/api/v2/tickets/1", json={"ticket": {"comment": comment}})
        assert api.get("/api/v2/tickets/1/comments").json()["comments"][-1]["author_id"] == 11

    @pytest.mark.parametrize(
        ("ticket", "sent", "status", "error"),
        [
            (9, NOTE, 404, "RecordNotFound"),
            (22, NOTE, 422, "RecordInvalid"),
            (1, {}, 400, "InvalidValue"),
            (1, {"ticket": {"comment": {"body": "  "}}}, 422, "RecordInvalid"),
            (1, {"ticket": {"comment": "words"}}, 422, "RecordInvalid"),
            (1, {"ticket": {"comment": {"body": "x", "author_id": 9}}}, 422, "RecordInvalid"),
            (1, {"ticket": {"safe_update": True, "updated_stamp": "x"}}, 409, "UpdateConflict"),
        ],
        ids=["missing", "closed", "empty", "blank", "text", "nobody", "changed"],
    )
    def test_what_cannot_be_written_is_refused(
        self, api: httpx.Client, ticket: int, sent: Any, status: int, error: str
    ) -> None:
        """A ticket that is not there or closed, words that are none, and who came too late."""
        refused = api.put(f"/api/v2/tickets/{ticket}", json=sent)
        assert (refused.status_code, refused.json()["error"]) == (status, error)

    def test_a_safe_update_goes_through_while_nothing_has_changed(self, api: httpx.Client) -> None:
        """With the stamp of the ticket as it was read."""
        stamp = api.get("/api/v2/tickets/1").json()["ticket"]["updated_at"]
        safe = {**NOTE["ticket"], "safe_update": True, "updated_stamp": stamp}
        assert api.put("/api/v2/tickets/1", json={"ticket": safe}).status_code == 200

    def test_it_needs_a_scope_to_write(
        self, helpdesk: DemoHelpdesk, connect: Callable[..., httpx.Client]
    ) -> None:
        """A token that may only read gets 403; one for tickets does, and so does a full one."""
        known = helpdesk.credentials
        client = connect(helpdesk, headers={})
        asked = {"grant_type": "client_credentials", "client_id": known.client_id,
                 "client_secret": known.client_secret}  # fmt: skip
        found = []
        for scope in ("read", "read tickets:write", "write"):
            grant = client.post("/oauth/tokens", json={**asked, "scope": scope}).json()
            bearer = {"Authorization": f"Bearer {grant['access_token']}"}
            found.append(client.put("/api/v2/tickets/1", json=NOTE, headers=bearer).status_code)
        assert found == [403, 200, 200]
        assert client.put("/api/v2/tickets/1", json=NOTE).status_code == 401

    def test_updates_have_a_limit_of_their_own(
        self, serve: Callable[..., DemoHelpdesk], connect: Callable[..., httpx.Client]
    ) -> None:
        """A hundred in a minute for the account."""
        api = connect(serve(limits=Limits(updates=2)))
        found = [api.put("/api/v2/tickets/1", json=NOTE) for _ in range(3)]
        assert [answer.status_code for answer in found] == [200, 200, 429]
        assert found[0].headers["zendesk-ratelimit-tickets-update"].startswith("total=2")


class TestCounts:
    """`GET /tickets/count` and `/users/count`."""

    @pytest.mark.parametrize(("name", "value"), [("tickets", 6), ("users", 5)])
    def test_a_count_says_how_old_it_is(self, api: httpx.Client, name: str, value: int) -> None:
        """Of what is not deleted."""
        count = api.get(f"/api/v2/{name}/count.json").json()["count"]
        assert count == {"value": value, "refreshed_at": "2026-07-07T09:00:00Z"}


class TestSamples:
    """`GET /incremental/{resource}/sample`."""

    @pytest.mark.parametrize("name", ["tickets", "users", "organizations", "ticket_events"])
    def test_a_sample_is_the_beginning_of_an_export(self, api: httpx.Client, name: str) -> None:
        """Fifty rows at most."""
        page = api.get(f"/api/v2/incremental/{name}/sample", params={"start_time": 0}).json()
        assert page["count"] == len(page[name]) > 0

    def test_samples_have_ten_requests_in_twenty_minutes(
        self,
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., httpx.Client],
        clock: ManualClock,
    ) -> None:
        """A minute later there are no more than before."""
        api = connect(serve(limits=Limits(samples=2)))

        def ask() -> int:
            path = "/api/v2/incremental/users/sample"
            return api.get(path, params={"start_time": 0}).status_code

        assert [ask(), ask(), ask()] == [200, 200, 429]
        clock.advance(60)
        assert ask() == 429
        clock.advance(1140)
        assert ask() == 200

    def test_what_has_no_export_has_no_sample(self, api: httpx.Client) -> None:
        """404, not on this API."""
        path = "/api/v2/incremental/macros/sample"
        assert api.get(path, params={"start_time": 0}).json()["error"] == "InvalidEndpoint"
