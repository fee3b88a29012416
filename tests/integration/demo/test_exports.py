"""The incremental exports, and every habit of theirs that has broken a reader."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

if TYPE_CHECKING:
    import httpx

    from connector.clock import ManualClock

AS_OF = 1783414800
BEGAN = AS_OF - 100 * 86_400
TICKETS = "/api/v2/incremental/tickets/cursor.json"
USERS = "/api/v2/incremental/users/cursor.json"
EVENTS = "/api/v2/incremental/ticket_events.json"


def read(api: httpx.Client, path: str, **params: Any) -> dict[str, Any]:
    """One answer, which must be 200."""
    answer = api.get(path, params={"start_time": 0, **params})
    assert answer.status_code == 200, answer.status_code
    return dict(answer.json())


def walk(api: httpx.Client, page: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The pages from `page` to the end of the stream, by the URLs they name."""
    pages = [page]
    while not pages[-1]["end_of_stream"]:
        assert len(pages) < 50
        pages.append(api.get(pages[-1][name]).json())
    return pages


def ids(page: dict[str, Any], name: str = "tickets") -> list[int]:
    """The ids on a page."""
    return [row["id"] for row in page[name]]


class TestTickets:
    """`GET /incremental/tickets/cursor`."""

    def test_the_order_is_generated_timestamp_not_updated_at(self, api: httpx.Client) -> None:
        """A ticket the system touched comes later than its own `updated_at` says."""
        page = read(api, TICKETS, support_type_scope="all")
        assert ids(page) == [1, 2, 3, 4, 22]
        touched = page["tickets"][-1]
        assert touched["updated_at"] == page["tickets"][0]["created_at"]
        assert ids(read(api, TICKETS, start_time=BEGAN + 4 * 86_400)) == [22]

    def test_the_cursor_is_a_second_and_an_id(self, api: httpx.Client) -> None:
        """As in recorded answers; readers must not care."""
        page = read(api, TICKETS, per_page=1)
        row = page["tickets"][0]
        told = base64.b64decode(page["after_cursor"]).decode()
        assert told == f"{row['generated_timestamp']}.0||{row['id']}|"

    def test_the_last_page_still_names_the_place_to_go_on_from(
        self, api: httpx.Client, clock: ManualClock
    ) -> None:
        """Only `end_of_stream` ends a walk; the cursor is where the next run resumes."""
        last = read(api, TICKETS)
        assert (last["end_of_stream"], last["after_url"] is None) == (True, False)
        clock.advance(60)
        resumed = api.get(last["after_url"]).json()
        assert (ids(resumed), resumed["end_of_stream"]) == ([5], True)
        again = api.get(resumed["after_url"]).json()
        assert (ids(again), again["after_cursor"]) == ([], resumed["after_cursor"])

    def test_a_walk_hands_out_every_row_once(self, api: httpx.Client) -> None:
        """Whatever the size of its pages."""
        pages = walk(api, read(api, TICKETS, per_page=2, support_type_scope="all"), "after_url")
        assert sorted(key for page in pages for key in ids(page)) == [1, 2, 3, 4, 22]

    def test_rows_of_the_last_minute_are_held_back(
        self, api: httpx.Client, clock: ManualClock
    ) -> None:
        """They come once they are a minute old."""
        assert 5 not in ids(read(api, TICKETS))
        clock.advance(29)
        assert 5 not in ids(read(api, TICKETS))
        clock.advance(1)
        assert 5 in ids(read(api, TICKETS))

    def test_tickets_of_ai_agents_are_missing_by_default(self, api: httpx.Client) -> None:
        """`support_type_scope` is `agent` unless said."""
        assert 4 not in ids(read(api, TICKETS))
        assert ids(read(api, TICKETS, support_type_scope="ai_agent")) == [4]
        assert 4 in ids(read(api, TICKETS, support_type_scope="all"))

    def test_a_page_can_be_empty_before_the_end(self, api: httpx.Client) -> None:
        """Rows that are not wanted are taken out after the page is cut."""
        pages = walk(
            api, read(api, TICKETS, per_page=1, support_type_scope="ai_agent"), "after_url"
        )
        assert [] in [ids(page) for page in pages[:-1]]

    def test_the_next_page_keeps_what_was_asked(self, api: httpx.Client) -> None:
        """Its URL is absolute, on the canonical host, without `start_time`."""
        asked = {"per_page": 1, "include": "users", "support_type_scope": "all"}
        url = urlsplit(read(api, TICKETS, **asked)["after_url"])
        query = parse_qs(url.query)
        assert f"{url.scheme}://{url.netloc}" == str(api.base_url).rstrip("/")
        assert set(query) == {"per_page", "include", "support_type_scope", "cursor"}

    def test_sideloads_stand_beside_the_tickets(self, api: httpx.Client) -> None:
        """People, organizations, metrics and counts of what is on the page."""
        wanted = "users,organizations,metric_sets,comment_count"
        page = read(api, TICKETS, include=wanted)
        assert {100, 101, 102, 11} == set(ids(page, "users"))
        assert ids(page, "organizations") == [5]
        assert len(page["metric_sets"]) == len(page["tickets"])
        first = next(row for row in page["tickets"] if row["id"] == 1)
        assert first["comment_count"] == 4

    def test_a_ticket_carries_its_first_message(self, api: httpx.Client) -> None:
        """As `description`, so that a brief can be made before the comments are read."""
        first = next(row for row in read(api, TICKETS)["tickets"] if row["id"] == 1)
        assert first["description"] == "It costs <too> much"
        assert first["via"]["channel"] == "voice"
        assert first["satisfaction_rating"] is None

    @pytest.mark.parametrize(
        ("params", "status"),
        [
            ({"start_time": AS_OF - 59}, 422),
            ({"start_time": "yesterday"}, 400),
            ({"start_time": "-5"}, 400),
            ({"cursor": "!!"}, 400),
            ({"cursor": base64.b64encode(b"1||2").decode()}, 400),
            ({"cursor": base64.b64encode(b"\xff").decode()}, 400),
            ({"start_time": 0, "include": "last_audits"}, 400),
            ({"start_time": 0, "support_type_scope": "humans"}, 400),
            ({}, 400),
        ],
    )
    def test_what_cannot_be_asked_is_refused(
        self, api: httpx.Client, params: dict[str, Any], status: int
    ) -> None:
        """A start in the last minute is 422, the rest 400."""
        refused = api.get(TICKETS, params=params)
        assert (refused.status_code, refused.json()["error"]) == (status, "InvalidValue")

    def test_a_start_a_minute_ago_is_accepted(self, api: httpx.Client) -> None:
        """The bound itself is good."""
        assert ids(read(api, TICKETS, start_time=AS_OF - 60)) == []


class TestUsers:
    """`GET /incremental/users/cursor`."""

    def test_everybody_is_in_it(self, api: httpx.Client) -> None:
        """Agents and customers alike, told apart by role."""
        page = read(api, USERS, include="identities,organizations")
        assert {row["id"]: row["role"] for row in page["users"]} == {
            10: "admin",
            11: "agent",
            100: "end-user",
            101: "end-user",
            102: "end-user",
        }
        assert ids(page, "organizations") == [5]

    def test_a_shared_number_is_a_phone_but_no_identity(self, api: httpx.Client) -> None:
        """A number of one's own is; without a phone the flag is null."""
        page = read(api, USERS, include="identities")
        flags = {row["id"]: row["shared_phone_number"] for row in page["users"]}
        assert (flags[100], flags[101], flags[102]) == (False, True, None)
        numbers = {
            row["user_id"]: row["value"]
            for row in page["identities"]
            if row["type"] == "phone_number"
        }
        assert numbers == {100: "+12125550101", 102: "+12125550103"}

    def test_a_time_zone_has_two_names(self, api: httpx.Client) -> None:
        """Rails' own, and the one others know."""
        row = read(api, USERS)["users"][0]
        assert row["iana_time_zone"] == "America/New_York"
        assert row["time_zone"] == "Eastern Time (US & Canada)"

    def test_a_walk_ends_and_hands_out_everybody_once(self, api: httpx.Client) -> None:
        """Rows of one second are kept apart by id."""
        pages = walk(api, read(api, USERS, per_page=1), "after_url")
        assert sorted(key for page in pages for key in ids(page, "users")) == [
            10, 11, 100, 101, 102,
        ]  # fmt: skip


class TestTimeForm:
    """`GET /incremental/ticket_events` and `/organizations`."""

    def test_a_page_ends_on_a_whole_second(self, api: httpx.Client) -> None:
        """Rows of one second are never parted, so a page can be longer than asked."""
        page = read(api, EVENTS, per_page=1)
        # Tickets 1 and 22 began in the same second; the second was also solved in it.
        assert {row["timestamp"] for row in page["ticket_events"]} == {BEGAN}
        assert page["count"] == len(page["ticket_events"]) == 3
        assert f"start_time={BEGAN + 1}" in page["next_page"]

    def test_the_end_names_itself_as_the_next_page(self, api: httpx.Client) -> None:
        """Whoever stops on a missing `next_page` never stops."""
        last = read(api, EVENTS, start_time=BEGAN)
        assert last["end_of_stream"]
        assert f"start_time={BEGAN}" in last["next_page"]
        empty = read(api, EVENTS, start_time=AS_OF - 100)
        assert (empty["count"], empty["end_time"]) == (0, AS_OF - 100)
        assert f"start_time={AS_OF - 100}" in empty["next_page"]

    def test_a_walk_hands_out_every_event_once(self, api: httpx.Client) -> None:
        """No event is lost between seconds."""
        pages = walk(api, read(api, EVENTS, per_page=2), "next_page")
        shown = [key for page in pages for key in ids(page, "ticket_events")]
        assert len(shown) == len(set(shown)) == read(api, EVENTS)["count"]

    def test_without_the_sideload_a_comment_is_only_announced(self, api: httpx.Client) -> None:
        """No words, only that there are some."""
        child = read(api, EVENTS)["ticket_events"][0]["child_events"][0]
        assert (child["event_type"], child["comment_present"]) == ("Comment", True)
        assert "body" not in child

    def test_with_the_sideload_it_is_the_comment(self, api: httpx.Client) -> None:
        """The same comment that the ticket shows, without the author's place."""
        events = read(api, EVENTS, include="comment_events")["ticket_events"]
        children = {
            child["id"]: child
            for event in events
            if event["ticket_id"] == 1
            for child in event["child_events"]
            if child["event_type"] == "Comment"
        }
        for comment in api.get("/api/v2/tickets/1/comments").json()["comments"]:
            del comment["metadata"]
            child = children.pop(comment["id"])
            assert child | comment == child
        assert not children

    def test_fields_are_told_as_they_change(self, api: httpx.Client) -> None:
        """A ticket is created, and solved."""
        events = read(api, EVENTS)["ticket_events"]
        told = [
            child
            for event in events
            if event["ticket_id"] == 3
            for child in event["child_events"]
            if child["event_type"] != "Comment"
        ]
        assert [child["event_type"] for child in told] == ["Create", "Change"]
        assert (told[1]["previous_value"], told[1]["status"]) == ("open", "solved")

    def test_events_are_held_back_and_scoped_like_tickets(self, api: httpx.Client) -> None:
        """Neither the last minute nor an AI agent's ticket is in it."""
        told = {row["ticket_id"] for row in read(api, EVENTS)["ticket_events"]}
        assert told == {1, 2, 3, 22}

    def test_organizations_have_only_this_form(self, api: httpx.Client) -> None:
        """They come with count, end time and an end."""
        page = read(api, "/api/v2/incremental/organizations.json")
        assert (ids(page, "organizations"), page["count"], page["end_of_stream"]) == ([5], 1, True)
