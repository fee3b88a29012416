"""What happens in the helpdesk after the first reading, and how it reaches the exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk

AS_OF = 1783414800
LATER = AS_OF + 3600
TICKETS = "/api/v2/incremental/tickets/cursor.json"
USERS = "/api/v2/incremental/users/cursor.json"
EVENTS = "/api/v2/incremental/ticket_events.json"


@pytest.fixture
def happen(
    document: dict[str, Any],
    serve: Callable[..., DemoHelpdesk],
    connect: Callable[..., httpx.Client],
    clock: ManualClock,
) -> Callable[..., httpx.Client]:
    """Serves the account until some changes have happened to it and are a minute old."""

    def run(*changes: dict[str, Any]) -> httpx.Client:
        document["changes"] = [{"at": LATER, **change} for change in changes]
        api = connect(serve())
        assert api.get("/api/v2/tickets/1").json()["ticket"]["generated_timestamp"] < LATER
        clock.advance(LATER + 60 - AS_OF)
        return api

    return run


def changed(api: httpx.Client, path: str, name: str, **params: Any) -> dict[int, dict[str, Any]]:
    """The rows an export has from the second of the changes on, by id."""
    page = api.get(path, params={"start_time": LATER, **params}).json()
    assert page["end_of_stream"]
    return {row["id"]: row for row in page[name]}


def children(api: httpx.Client) -> list[dict[str, Any]]:
    """What the events of that second tell, comments whole."""
    events = changed(api, EVENTS, "ticket_events", include="comment_events").values()
    return [child for event in events for child in event["child_events"]]


class TestTickets:
    """Changes of tickets."""

    def test_nothing_happens_before_its_time(
        self,
        document: dict[str, Any],
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., httpx.Client],
        clock: ManualClock,
    ) -> None:
        """A second earlier the ticket is still there."""
        document["changes"] = [{"at": LATER, "do": "delete_ticket", "ticket": 1}]
        api = connect(serve())
        clock.advance(LATER - AS_OF - 1)
        assert api.get("/api/v2/tickets/1").status_code == 200
        clock.advance(1)
        assert api.get("/api/v2/tickets/1").status_code == 404

    def test_a_message_is_a_comment_an_event_and_a_moved_ticket(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """And a customer's answer opens a solved ticket again."""
        told = {"by": "customer", "at": LATER, "text": "One more thing"}
        api = happen({"do": "add_message", "ticket": 3, "message": told})
        ticket = changed(api, TICKETS, "tickets")[3]
        assert (ticket["status"], ticket["generated_timestamp"]) == ("open", LATER)
        comments = api.get("/api/v2/tickets/3/comments").json()["comments"]
        comment, status = children(api)
        assert comment["id"] == comments[-1]["id"]
        assert comments[-1]["body"] == comment["body"] == "One more thing"
        assert (status["previous_value"], status["status"]) == ("solved", "open")

    def test_a_ticket_and_its_customer_can_be_new(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """Both come in their exports."""
        told = {"by": "customer", "at": LATER, "text": "Hi"}
        new = {"id": 50, "customer": 103, "subject": "New", "at": LATER, "messages": [told]}
        api = happen(
            {"do": "add_customer", "customer": {"id": 103, "name": "+12125550199"}},
            {"do": "add_ticket", "ticket": new},
        )
        assert list(changed(api, TICKETS, "tickets")) == [50]
        assert list(changed(api, USERS, "users")) == [103]
        assert 50 in [row["id"] for row in api.get("/api/v2/tickets").json()["tickets"]]

    def test_an_update_is_told_field_by_field(self, happen: Callable[..., httpx.Client]) -> None:
        """Status, assignee and requester, under the API's names; a rating has its own list."""
        rating = {"score": "bad", "at": LATER, "comment": "No"}
        values = {"status": "solved", "agent": 10, "customer": 102, "rating": rating}
        api = happen({"do": "update_ticket", "ticket": 1, "set": values})
        ticket = changed(api, TICKETS, "tickets", include="metric_sets")[1]
        assert (ticket["assignee_id"], ticket["requester_id"]) == (10, 102)
        assert ticket["satisfaction_rating"]["score"] == "bad"
        told = [
            set(child) - {"id", "via", "event_type", "previous_value"} for child in children(api)
        ]
        assert told == [{"status"}, {"assignee_id"}, {"requester_id"}]
        ratings = api.get("/api/v2/satisfaction_ratings", params={"start_time": LATER}).json()
        assert [row["ticket_id"] for row in ratings["satisfaction_ratings"]] == [1]

    def test_a_deleted_ticket_stays_in_the_export_and_nowhere_else(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """Its children are 404; whoever excludes deleted rows never hears of it."""
        api = happen({"do": "delete_ticket", "ticket": 1})
        assert changed(api, TICKETS, "tickets")[1]["status"] == "deleted"
        assert not changed(api, TICKETS, "tickets", exclude_deleted="true")
        for path in ("tickets/1", "tickets/1/comments"):
            missing = api.get(f"/api/v2/{path}")
            assert (missing.status_code, missing.json()["error"]) == (404, "RecordNotFound")
        assert 1 not in [row["id"] for row in api.get("/api/v2/tickets").json()["tickets"]]

    def test_a_scrubbed_ticket_keeps_coming_without_its_content(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """Neither the row nor any event holds a word of it."""
        api = happen(
            {"do": "update_ticket", "ticket": 1, "set": {"subject": "Renamed"}},
            {"do": "delete_ticket", "ticket": 1},
            {"do": "scrub_ticket", "ticket": 1},
        )
        row = changed(api, TICKETS, "tickets")[1]
        assert (row["status"], row["subject"]) == ("deleted", "SCRUBBED")
        events = api.get(EVENTS, params={"start_time": 0, "include": "comment_events"}).text
        export = api.get(TICKETS, params={"start_time": 0}).text
        for words in (
            "Matter 1",
            "Renamed",
            "My friend",
            "too> much",
            "Let me see",
            "+12125550101",
        ):
            assert words not in events + export
        assert "Hello 3" in events

    def test_a_deleted_ticket_can_come_back(self, happen: Callable[..., httpx.Client]) -> None:
        """With its status and its comments."""
        api = happen({"do": "delete_ticket", "ticket": 1}, {"do": "restore_ticket", "ticket": 1})
        assert changed(api, TICKETS, "tickets")[1]["status"] == "open"
        assert api.get("/api/v2/tickets/1/comments").json()["count"] == 4
        assert 1 in [row["id"] for row in api.get("/api/v2/tickets").json()["tickets"]]

    def test_redacted_words_are_black_everywhere(self, happen: Callable[..., httpx.Client]) -> None:
        """In text, markup, description, transcript and events, as long as they were."""
        api = happen(
            {"do": "redact_message", "ticket": 1, "message": 0, "words": "too"},
            {"do": "redact_message", "ticket": 1, "message": 0, "words": "friend"},
        )
        comment = api.get("/api/v2/tickets/1/comments").json()["comments"][0]
        assert comment["body"] == comment["plain_body"] == "It costs <\u2587\u2587\u2587> much"
        assert "too" not in comment["html_body"]
        assert comment["data"]["transcription_text"] == "My " + "\u2587" * 6 + " died"
        assert "\u2587" in changed(api, TICKETS, "tickets")[1]["description"]
        told = {child["comment_id"] for child in children(api)}
        assert told == {comment["id"]}
        events = api.get(EVENTS, params={"start_time": 0, "include": "comment_events"}).json()
        first = events["ticket_events"][0]["child_events"][0]
        assert first["body"] == comment["body"]


class TestCustomers:
    """Changes of customers."""

    def test_a_new_number_replaces_the_old_identity(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """But not the number an old call came from."""
        values = {"phone": "+12125550177", "name": "Ana B", "organization": None}
        api = happen({"do": "update_customer", "customer": 100, "set": values})
        row = changed(api, USERS, "users")[100]
        assert (row["phone"], row["name"], row["organization_id"]) == (
            "+12125550177",
            "Ana B",
            None,
        )
        identities = api.get("/api/v2/users/100/identities").json()["identities"]
        assert [r["value"] for r in identities if r["type"] == "phone_number"] == ["+12125550177"]
        call = api.get("/api/v2/tickets/1/comments").json()["comments"][0]
        assert call["data"]["from"] == "+12125550101"

    def test_a_merge_moves_tickets_and_identities_to_the_winner(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """The loser is inactive and empty; what they wrote stays theirs."""
        api = happen({"do": "merge_customers", "loser": 100, "winner": 102})
        users = changed(api, USERS, "users")
        assert (users[100]["active"], users[100]["email"], users[100]["phone"]) == (
            False,
            None,
            None,
        )
        assert users[102]["email"] == "ana@mail.example"
        moved = changed(api, TICKETS, "tickets", support_type_scope="all")
        assert {row["requester_id"] for row in moved.values()} == {102}
        assert set(moved) == {1, 4, 5}
        assert not api.get("/api/v2/users/100/identities").json()["identities"]
        values = {r["value"] for r in api.get("/api/v2/users/102/identities").json()["identities"]}
        assert values == {"+12125550103", "+12125550101", "ana@mail.example"}
        assert api.get("/api/v2/tickets/1/comments").json()["comments"][0]["author_id"] == 100

    def test_a_deleted_customer_is_inactive_and_listed(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """With name and number still there."""
        api = happen({"do": "delete_customer", "customer": 100})
        assert changed(api, USERS, "users")[100]["active"] is False
        (row,) = api.get("/api/v2/deleted_users").json()["deleted_users"]
        assert (row["id"], row["phone"]) == (100, "+12125550101")

    def test_a_permanently_deleted_customer_has_nothing_left(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """Neither name nor address nor number, in the export and by id."""
        api = happen(
            {"do": "delete_customer", "customer": 100},
            {"do": "delete_customer_permanently", "customer": 100},
        )
        row = changed(api, USERS, "users")[100]
        assert row == api.get("/api/v2/users/100").json()["user"]
        assert (row["name"], row["email"], row["phone"]) == (
            "Permanently Deleted User",
            None,
            None,
        )
        assert [r["id"] for r in api.get("/api/v2/deleted_users").json()["deleted_users"]] == [100]
        assert not api.get("/api/v2/users/100/identities").json()["identities"]
