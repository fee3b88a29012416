"""Tickets, comments, users and ratings by list and by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.limits import UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AS_OF = 1783414800
COMMENTS = "/api/v2/tickets/1/comments.json"


@pytest.fixture(scope="module")
def api(pristine: dict[str, Any]) -> Iterator[httpx.Client]:
    """One server for all who only read."""
    with DemoHelpdesk(read_story(pristine), limits=UNLIMITED) as helpdesk:
        bearer = {"Authorization": f"Bearer {helpdesk.credentials.access_token}"}
        with httpx.Client(base_url=helpdesk.url, headers=bearer) as client:
            yield client


@pytest.fixture
def long_api(
    document: dict[str, Any],
    serve: Callable[..., DemoHelpdesk],
    connect: Callable[..., httpx.Client],
) -> httpx.Client:
    """An account whose first ticket has 250 comments, two to a second."""
    first = document["tickets"][0]
    first["messages"] = [
        {"by": "customer", "at": first["at"] + n // 2, "text": str(n)} for n in range(250)
    ]
    return connect(serve())


def walked(api: httpx.Client, link: str, **params: Any) -> list[str]:
    """The texts of a walk by cursor that stops on `has_more`."""
    page = api.get(COMMENTS, params=params).json()
    texts = [row["body"] for row in page["comments"]]
    while page["meta"]["has_more"]:
        page = api.get(page["links"][link]).json()
        texts += [row["body"] for row in page["comments"]]
    return texts


class TestComments:
    """`GET /tickets/{id}/comments`."""

    @pytest.mark.parametrize("size", [1, 7, 100])
    @pytest.mark.parametrize(("sort", "step"), [("created_at", 1), ("-created_at", -1)])
    def test_a_walk_by_cursor_hands_out_every_comment_once(
        self, long_api: httpx.Client, size: int, sort: str, step: int
    ) -> None:
        """In either order and any size of page."""
        texts = walked(long_api, "next", **{"page[size]": size, "sort": sort})
        assert texts == [str(n) for n in range(250)][::step]

    def test_the_last_page_has_a_next_link_too(self, api: httpx.Client) -> None:
        """Only `has_more` ends a walk; what the link leads to is empty and says so again."""
        page = api.get(COMMENTS, params={"page[size]": 100}).json()
        assert (page["meta"]["has_more"], page["links"]["next"] is None) == (False, False)
        beyond = api.get(page["links"]["next"]).json()
        assert (beyond["comments"], beyond["meta"]["has_more"]) == ([], False)

    def test_one_can_walk_back(self, long_api: httpx.Client) -> None:
        """`links.prev` leads to the page before."""
        first = long_api.get(COMMENTS, params={"page[size]": 100}).json()
        second = long_api.get(first["links"]["next"]).json()
        assert long_api.get(second["links"]["prev"]).json()["comments"] == first["comments"]

    def test_offset_paging_is_there_without_a_page_size(self, long_api: httpx.Client) -> None:
        """A hundred to a page, with a count and a next page that does become null."""
        pages = [long_api.get(COMMENTS, params={"sort_order": "desc"}).json()]
        while pages[-1]["next_page"]:
            pages.append(long_api.get(pages[-1]["next_page"]).json())
        assert [len(page["comments"]) for page in pages] == [100, 100, 50]
        assert pages[0]["comments"][0]["body"] == "249"
        assert pages[1]["previous_page"].endswith("page=1")
        assert pages[0]["count"] == 250

    @pytest.mark.parametrize(
        "params",
        [
            {"page[size]": 101},
            {"page[size]": 0},
            {"page[after]": "%%"},
            {"page[after]": "InRleHQi"},
            {"page[after]": "WzEsMl0="},
            {"page[size]": 5, "sort": "subject"},
        ],
    )
    def test_bad_paging_is_refused_with_a_list_of_errors(
        self, api: httpx.Client, params: dict[str, Any]
    ) -> None:
        """The third envelope."""
        refused = api.get(COMMENTS, params=params)
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["code"] == "InvalidPaginationParameter"

    def test_deep_offsets_are_refused(self, api: httpx.Client) -> None:
        """Beyond 10,000 rows only the cursor goes on."""
        refused = api.get("/api/v2/tickets.json", params={"page": 101})
        assert (refused.status_code, refused.json()["error"]) == (400, "InvalidPaginationDepth")

    def test_a_comment_has_its_author_and_what_must_be_dropped(self, api: httpx.Client) -> None:
        """The author's address and place come with every comment of a person."""
        page = api.get(COMMENTS, params={"include": "users"}).json()
        first, note, _, system = page["comments"]
        assert (first["author_id"], note["author_id"], system["author_id"]) == (100, 11, -1)
        assert (first["public"], note["public"]) == (True, False)
        assert first["html_body"].count("It costs &lt;too&gt; much") == 1
        assert {"ip_address", "location", "latitude"} <= set(first["metadata"]["system"])
        assert {row["id"] for row in page["users"]} == {100, 11}

    def test_ids_are_unique_and_the_same_in_every_run(
        self, serve: Callable[..., DemoHelpdesk], connect: Callable[..., httpx.Client]
    ) -> None:
        """Two servers of one story name a comment alike."""
        runs = [
            [
                row["id"]
                for key in (1, 2, 3, 22)
                for row in connect(helpdesk)
                .get(f"/api/v2/tickets/{key}/comments")
                .json()["comments"]
            ]
            for helpdesk in (serve(), serve())
        ]
        assert runs[0] == runs[1]
        assert len(set(runs[0])) == len(runs[0])


class TestCalls:
    """What a call looks like in a comment."""

    def test_a_talk_call_has_its_own_names_and_two_habits(self, api: httpx.Client) -> None:
        """`call_duration` is a number here and a string there; so are the times' forms."""
        first, _, second, _ = api.get(COMMENTS).json()["comments"]
        assert first["type"] == second["type"] == "VoiceComment"
        durations = [first["data"]["call_duration"], second["data"]["call_duration"]]
        assert durations == ["5820", 5820]
        assert first["data"]["started_at"] == "2026-03-29 09:00:00 UTC"
        assert second["data"]["started_at"] == "2026-03-29T09:02:00Z"
        assert first["data"]["from"] == "+12125550101"
        assert first["formatted_from"] == "+1 (212) 555-0101"
        assert first["data"]["answered_by_id"] == 11
        assert first["data"]["transcription_text"] == "My friend died"
        assert second["data"]["from"] == "anonymous"
        assert first["via"]["channel"] == "voice"

    def test_a_partners_call_has_others(self, api: httpx.Client) -> None:
        """Start and end instead of a duration, lines instead of numbers, channel `api`."""
        (comment,) = api.get("/api/v2/tickets/2/comments").json()["comments"]
        data = comment["data"]
        assert (comment["type"], comment["via"]["channel"]) == ("TpeVoiceComment", "api")
        assert (data["direction"], data["to_line"]) == ("outbound", "+12125550102")
        assert data["call_started_at"] < data["call_ended_at"]
        assert not {"from", "call_duration", "started_at"} & set(data)
        assert not data["recording_url"].startswith(str(api.base_url))


class TestById:
    """Single records."""

    @pytest.mark.parametrize(
        ("path", "name", "key"),
        [("tickets/1", "ticket", 1), ("users/100", "user", 100), ("organizations/5",
         "organization", 5)],
    )  # fmt: skip
    def test_a_record_is_found_with_and_without_json(
        self, api: httpx.Client, path: str, name: str, key: int
    ) -> None:
        """Both spellings of a path lead to it, and its URL too."""
        plain = api.get(f"/api/v2/{path}").json()[name]
        assert plain["id"] == key
        assert api.get(f"/api/v2/{path}.json").json()[name] == plain
        assert api.get(plain["url"]).json()[name] == plain

    def test_a_ticket_comes_with_what_is_asked_for(self, api: httpx.Client) -> None:
        """Its people beside it, its metrics in it."""
        page = api.get("/api/v2/tickets/3", params={"include": "users,metric_sets"}).json()
        assert {row["id"] for row in page["users"]} == {11, 102}
        assert page["ticket"]["metric_set"]["solved_at"]
        assert set(api.get("/api/v2/tickets/3").json()) == {"ticket"}

    @pytest.mark.parametrize(
        "path",
        ["tickets/9", "tickets/9/comments", "users/9", "users/9/identities", "organizations/9"],
    )
    def test_what_is_not_there_is_not_found(self, api: httpx.Client, path: str) -> None:
        """404 RecordNotFound."""
        missing = api.get(f"/api/v2/{path}")
        assert missing.status_code == 404
        assert missing.json() == {"error": "RecordNotFound", "description": "Not found"}

    @pytest.mark.parametrize("path", ["/api/v2/macros.json", "/", "/api/v2/tickets/one"])
    def test_a_path_that_is_not_there_is_another_404(self, api: httpx.Client, path: str) -> None:
        """InvalidEndpoint: not on this plan, not in this API."""
        assert api.get(path).json()["error"] == "InvalidEndpoint"

    def test_a_tickets_list_goes_by_id(self, api: httpx.Client) -> None:
        """With a count, and all of them."""
        page = api.get("/api/v2/tickets.json").json()
        assert [row["id"] for row in page["tickets"]] == [1, 2, 3, 4, 5, 22]
        assert page["count"] == 6

    def test_identities_are_those_of_the_user(self, api: httpx.Client) -> None:
        """E-mail and number, each with its type."""
        page = api.get("/api/v2/users/100/identities", params={"page[size]": 1}).json()
        assert page["meta"]["has_more"]
        rest = api.get(page["links"]["next"]).json()["identities"]
        types = {row["type"] for row in [*page["identities"], *rest]}
        assert types == {"email", "phone_number"}


class TestRatings:
    """`GET /satisfaction_ratings`."""

    def test_a_rating_names_the_agent_of_that_time(self, api: httpx.Client) -> None:
        """The one it was given to, else the ticket's."""
        page = api.get("/api/v2/satisfaction_ratings").json()
        told = {row["ticket_id"]: row["assignee_id"] for row in page["satisfaction_ratings"]}
        assert told == {3: 10, 22: 11}

    @pytest.mark.parametrize(
        ("score", "tickets"),
        [
            ("good", [3]),
            ("bad", [22]),
            ("received", [3, 22]),
            ("good_with_comment", [3]),
            ("bad_with_comment", []),
            ("bad_without_comment", [22]),
            ("offered", []),
        ],
    )
    def test_it_can_be_asked_by_score(
        self, api: httpx.Client, score: str, tickets: list[int]
    ) -> None:
        """With or without a comment."""
        page = api.get("/api/v2/satisfaction_ratings", params={"score": score}).json()
        assert [row["ticket_id"] for row in page["satisfaction_ratings"]] == tickets

    def test_it_can_be_asked_between_times_and_by_cursor(self, api: httpx.Client) -> None:
        """Both bounds count."""
        at = AS_OF - 97 * 86_400
        params = {"start_time": at, "end_time": at, "page[size]": 100}
        page = api.get("/api/v2/satisfaction_ratings", params=params).json()
        assert [row["ticket_id"] for row in page["satisfaction_ratings"]] == [3]
        assert page["meta"]["has_more"] is False

    def test_an_unknown_score_is_refused_by_the_name_of_the_field(self, api: httpx.Client) -> None:
        """The envelope whose details are keyed by field."""
        refused = api.get("/api/v2/satisfaction_ratings", params={"score": "great"})
        assert refused.status_code == 422
        assert list(refused.json()["details"]) == ["score"]
