"""What happens in the helpdesk after the first reading, and how it reaches the exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.demo.zendesk.account import Account
from connector.demo.zendesk.habits import Habits

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

    def run(*changes: dict[str, Any], **habits: Any) -> httpx.Client:
        document["changes"] = [{"at": LATER, **change} for change in changes]
        helpdesk = serve()
        assert isinstance(helpdesk.state, Account)
        helpdesk.state.habits = Habits(**habits)
        api = connect(helpdesk)
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

    def test_a_redaction_may_go_untold(self, happen: Callable[..., httpx.Client]) -> None:
        """The words are black, and neither an event nor the ticket's place says so."""
        told = {"do": "redact_message", "ticket": 1, "message": 1, "words": "Let"}
        api = happen(told, tells_redactions=False)
        assert not changed(api, TICKETS, "tickets")
        assert not children(api)
        comment = api.get("/api/v2/tickets/1/comments").json()["comments"][1]
        assert comment["body"].startswith("\u2587")

    def test_an_event_may_keep_the_words_redacted_since(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """Whoever replays events gets them back; the ticket no longer has them."""
        told = {"do": "redact_message", "ticket": 1, "message": 0, "words": "too"}
        api = happen(told, replays_redacted=True)
        events = api.get(EVENTS, params={"start_time": 0, "include": "comment_events"}).json()
        assert events["ticket_events"][0]["child_events"][0]["body"] == "It costs <too> much"
        assert children(api)[0]["event_type"] == "CommentRedactionEvent"
        first = api.get("/api/v2/tickets/1/comments").json()["comments"][0]
        assert "too" not in first["body"]

    def test_a_comment_made_private_is_an_event(self, happen: Callable[..., httpx.Client]) -> None:
        """Which names the comment and holds none of its words."""
        api = happen({"do": "make_private", "ticket": 1, "message": 0})
        first = api.get("/api/v2/tickets/1/comments").json()["comments"][0]
        assert first["public"] is False
        (child,) = children(api)
        assert (child["event_type"], child["comment_id"]) == ("CommentPrivacyChange", first["id"])
        assert "body" not in child
        assert changed(api, TICKETS, "tickets")[1]["generated_timestamp"] == LATER

    def test_spam_is_deleted_and_its_requester_suspended(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """The user is still active."""
        api = happen({"do": "spam_ticket", "ticket": 1})
        assert changed(api, TICKETS, "tickets")[1]["status"] == "deleted"
        assert api.get("/api/v2/tickets/1").status_code == 404
        row = changed(api, USERS, "users")[100]
        assert (row["suspended"], row["active"]) == (True, True)

    def test_a_merged_ticket_is_closed_and_names_the_other(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """The winner gets a note that repeats the loser's last words in the agent's name."""
        api = happen({"do": "merge_tickets", "loser": 3, "winner": 5})
        rows = changed(api, TICKETS, "tickets")
        assert (rows[3]["status"], set(rows)) == ("closed", {3, 5})
        last = api.get("/api/v2/tickets/3/comments").json()["comments"][-1]
        assert (last["public"], last["via"]["source"]["rel"]) == (False, "merge")
        assert "#5" in last["body"]
        note = api.get("/api/v2/tickets/5/comments").json()["comments"][-1]
        assert (note["author_id"], note["public"]) == (11, False)
        assert note["body"].endswith("#3:\n\nHello 3")
        merged = [e["merged_ticket_ids"] for e in changed(api, EVENTS, "ticket_events").values()]
        assert sorted(merged) == [[], [3]]

    def test_more_rows_of_one_second_than_a_page_hold_a_reader_for_ever(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """A bulk update: every next page is the one that was just read."""
        bulk = [{"do": "update_ticket", "ticket": n, "set": {"agent": 10}} for n in (1, 2, 3, 5)]
        api = happen(*bulk, parts_seconds=True)
        params = {"start_time": LATER, "per_page": 2}
        first = api.get(EVENTS, params=params).json()
        assert (first["count"], first["end_of_stream"], first["end_time"]) == (2, False, LATER)
        again = api.get(first["next_page"]).json()
        assert again["ticket_events"] == first["ticket_events"]
        cursor = api.get(TICKETS, params=params).json()
        rest = api.get(cursor["after_url"]).json()
        assert [row["id"] for row in [*cursor["tickets"], *rest["tickets"]]] == [1, 2, 3, 5]


class TestAgents:
    """Changes of agents."""

    def test_an_agent_is_renamed_and_leaves(self, happen: Callable[..., httpx.Client]) -> None:
        """Their row comes again; what they wrote stays theirs."""
        api = happen(
            {"do": "update_agent", "agent": 11, "set": {"name": "Elias"}},
            {"do": "update_agent", "agent": 11, "set": {"active": False}},
        )
        row = changed(api, USERS, "users")[11]
        assert (row["name"], row["active"], row["role"]) == ("Elias", False, "agent")

    def test_without_an_admin_nobody_stands_behind_a_token(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """OAuth clients act for whoever made them; when they leave, the token is refused."""
        api = happen({"do": "update_agent", "agent": 10, "set": {"active": False}})
        assert api.get("/api/v2/tickets/1").status_code == 401


class TestIdentities:
    """More addresses and numbers, and fewer."""

    def test_an_identity_is_added(self, happen: Callable[..., httpx.Client]) -> None:
        """It is not in the profile, only among the identities."""
        more = {"type": "phone_number", "value": "+12125550188"}
        api = happen({"do": "add_identity", "customer": 100, "identity": more})
        assert changed(api, USERS, "users")[100]["phone"] == "+12125550101"
        found = api.get("/api/v2/users/100/identities").json()["identities"]
        assert {"+12125550101", "+12125550188"} <= {row["value"] for row in found}

    @pytest.mark.parametrize(("keeps", "phone"), [(False, None), (True, "+12125550101")])
    def test_a_phone_identity_taken_away_may_stay_in_the_profile(
        self,
        happen: Callable[..., httpx.Client],
        keeps: bool,  # noqa: FBT001 - pytest passes parameters by name
        phone: str | None,
    ) -> None:
        """Accounts differ."""
        less = {"type": "phone_number", "value": "+12125550101"}
        told = {"do": "remove_identity", "customer": 100, "identity": less}
        api = happen(told, keeps_removed_phone=keeps)
        assert changed(api, USERS, "users")[100]["phone"] == phone
        found = api.get("/api/v2/users/100/identities").json()["identities"]
        assert "+12125550101" not in {row["value"] for row in found}

    def test_an_address_taken_away_is_gone(self, happen: Callable[..., httpx.Client]) -> None:
        """From the profile, too."""
        less = {"type": "email", "value": "ana@mail.example"}
        api = happen({"do": "remove_identity", "customer": 100, "identity": less})
        assert changed(api, USERS, "users")[100]["email"] is None


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

    def test_a_permanently_deleted_customer_may_not_be_found(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """By id; the export still has the empty row."""
        told = {"do": "delete_customer_permanently", "customer": 100}
        api = happen(told, lists_erased_users=False)
        assert api.get("/api/v2/users/100").json()["error"] == "RecordNotFound"
        assert 100 in changed(api, USERS, "users")

    def test_a_deleted_customer_can_come_back_but_not_from_the_end(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """Active, and no longer among the deleted."""
        api = happen(
            {"do": "delete_customer", "customer": 100},
            {"do": "restore_customer", "customer": 100},
            {"do": "delete_customer_permanently", "customer": 101},
            {"do": "restore_customer", "customer": 101},
        )
        rows = changed(api, USERS, "users")
        assert (rows[100]["active"], rows[101]["active"]) == (True, False)
        assert [r["id"] for r in api.get("/api/v2/deleted_users").json()["deleted_users"]] == [101]

    def test_erasing_is_told_step_by_step_and_product_by_product(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """Once for good; a soft deletion is none, and of a stranger nothing is known."""
        api = happen(
            {"do": "delete_customer", "customer": 100},
            {"do": "delete_customer", "customer": 101},
            {"do": "delete_customer_permanently", "customer": 101},
        )
        name = "compliance_deletion_statuses"

        def told(customer: int, **params: Any) -> list[dict[str, Any]]:
            found = api.get(f"/api/v2/users/{customer}/{name}", params=params).json()
            return list(found[name])

        assert told(100) == []
        steps = ["request_deletion", "started", "complete"]
        assert [row["action"] for row in told(101, application="support")] == steps
        assert {row["application"] for row in told(101)} == {"all", "support"}
        assert told(101)[0]["user_id"] == 101
        assert api.get(f"/api/v2/users/999/{name}").json()["error"] == "RecordNotFound"
