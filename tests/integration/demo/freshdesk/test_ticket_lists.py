"""`GET /tickets`: what it shows, in which order, how far, and at what price."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk

AS_OF = 1783414800
DAY = 86_400
EVER = {"updated_since": "1970-01-01T00:00:00Z"}


def ids(answer: httpx.Response) -> list[int]:
    """The tickets of an answer, in its order."""
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()]


def error(answer: httpx.Response) -> dict[str, str]:
    """The one error of a refused request."""
    assert answer.status_code == 400
    assert answer.json()["description"] == "Validation failed"
    (told,) = answer.json()["errors"]
    assert isinstance(told, dict)
    return told


class TestWhichTickets:
    """Recent ones, unless a time is given to go back to."""

    def test_without_a_time_only_those_created_in_the_last_30_days_come(
        self, reader: httpx.Client
    ) -> None:
        """The old open ticket is missing as well as the old closed one."""
        assert sorted(ids(reader.get("/tickets"))) == [1, 2, 3, 6, 7, 8, 9]

    def test_with_a_time_those_changed_since_come_that_second_included(
        self, reader: httpx.Client
    ) -> None:
        """Whenever they were created."""
        assert sorted(ids(reader.get("/tickets", params=EVER))) == list(range(1, 10))
        near = "2026-06-17T09:00:05Z"
        assert sorted(ids(reader.get("/tickets", params={"updated_since": near}))) == [2, 3, 6, 8]
        later = {"updated_since": "2026-06-17T11:00:06+02:00"}
        assert sorted(ids(reader.get("/tickets", params=later))) == [2, 3, 6]

    def test_archived_tickets_can_be_missing(
        self, serve: Callable[..., DemoHelpdesk], connect: Callable[..., httpx.Client]
    ) -> None:
        """Whether they are is the account's habit; where they are shown they say so."""
        shown = {row["id"]: row.get("archived") for row in
                 connect(serve()).get("/tickets", params=EVER).json()}  # fmt: skip
        assert [key for key, archived in shown.items() if archived] == [4]
        hidden = connect(serve(lists_archived=False)).get("/tickets", params=EVER)
        assert set(ids(hidden)) == set(shown) - {4}

    @pytest.mark.parametrize(
        ("params", "wanted"),
        [
            ({"requester_id": 100}, [1, 2, 4]),
            ({"email": "BO@mail.example"}, [5, 6, 7]),
            ({"company_id": 5}, [1, 2, 4]),
            ({"unique_external_id": "x"}, []),
            ({"filter": "watching"}, []),
            ({"filter": "new_and_my_open"}, []),
        ],
    )
    def test_they_can_be_narrowed_down(
        self, reader: httpx.Client, params: dict[str, Any], wanted: list[int]
    ) -> None:
        """By requester, address, company or view."""
        assert sorted(ids(reader.get("/tickets", params=EVER | params))) == wanted

    def test_my_open_tickets_are_the_key_owners(
        self, helpdesk: DemoHelpdesk, connect: Callable[..., httpx.Client]
    ) -> None:
        """The pending and the closed one are not among them."""
        api = connect(helpdesk, helpdesk.keys.agent)
        shown = ids(api.get("/tickets", params=EVER | {"filter": "new_and_my_open"}))
        assert sorted(shown) == [1, 2, 3, 6, 7, 9]

    def test_deleted_and_spam_tickets_stand_only_in_their_own_lists(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """Each list takes `updated_since`, and the 30 days hold in each."""
        api = happen(
            {"do": "delete_ticket", "ticket": 1},
            {"do": "delete_ticket", "ticket": 5},
            {"do": "spam_ticket", "ticket": 2},
        )
        assert not {1, 2, 5} & set(ids(api.get("/tickets", params=EVER)))
        deleted = api.get("/tickets", params={"filter": "deleted", **EVER})
        assert [(row["id"], row["deleted"]) for row in deleted.json()] == [(1, True), (5, True)]
        assert ids(api.get("/tickets", params={"filter": "deleted"})) == [1]
        since = {"filter": "deleted", "updated_since": "2026-07-07T10:00:01Z"}
        assert ids(api.get("/tickets", params=since)) == []
        spam = api.get("/tickets", params={"filter": "spam", **EVER}).json()
        assert [(row["id"], row["spam"]) for row in spam] == [(2, True)]


class TestOrder:
    """Newest first, unless told otherwise."""

    @pytest.mark.parametrize(
        ("params", "wanted"),
        [
            ({}, [8, 9, 7, 6, 3, 2, 1, 5, 4]),
            ({"order_type": "asc"}, [4, 5, 1, 2, 3, 6, 7, 9, 8]),
            ({"order_by": "due_by", "order_type": "asc"}, [4, 5, 1, 2, 3, 6, 7, 9, 8]),
            ({"order_by": "updated_at"}, [2, 3, 6, 8, 9, 7, 1, 5, 4]),
            ({"order_by": "updated_at", "order_type": "asc"}, [4, 5, 1, 7, 9, 8, 6, 3, 2]),
            ({"order_by": "status", "order_type": "asc"}, [1, 2, 3, 6, 7, 9, 5, 8, 4]),
        ],
    )
    def test_it_is_as_asked(
        self, reader: httpx.Client, params: dict[str, str], wanted: list[int]
    ) -> None:
        """By a time or the status, up or down."""
        assert ids(reader.get("/tickets", params=EVER | params)) == wanted


class TestPages:
    """Page numbers, a Link to the next, and a wall."""

    def test_a_walk_along_the_links_hands_out_every_ticket_once(self, reader: httpx.Client) -> None:
        """The last page has no Link."""
        asked = EVER | {"per_page": "2", "order_by": "updated_at", "order_type": "asc"}
        answer = reader.get("/tickets", params=asked)
        walked, pages = ids(answer), 1
        while "link" in answer.headers:
            assert answer.headers["link"].endswith('>;rel="next"')
            answer = reader.get(answer.links["next"]["url"])
            walked, pages = walked + ids(answer), pages + 1
        assert (walked, pages) == ([4, 5, 1, 7, 9, 8, 6, 3, 2], 5)

    def test_the_last_page_is_the_last_though_it_is_full(self, reader: httpx.Client) -> None:
        """No Link leads to an empty one."""
        answer = reader.get("/tickets", params=EVER | {"per_page": "3", "page": "3"})
        assert len(ids(answer)) == 3
        assert "link" not in answer.headers

    def test_behind_the_wall_it_is_400_though_the_last_page_links_there(
        self, serve: Callable[..., DemoHelpdesk], connect: Callable[..., httpx.Client]
    ) -> None:
        """A smaller wall than Freshdesk's 300th page stands for it."""
        api = connect(serve(wall=3))
        last = api.get("/tickets", params=EVER | {"per_page": 2, "page": 3})
        assert len(ids(last)) == 2
        told = error(api.get(last.links["next"]["url"]))
        assert (told["field"], told["code"]) == ("page", "invalid_value")
        assert "beyond the 3rd page" in told["message"]

    def test_more_tickets_of_one_second_than_reach_to_the_wall_cannot_be_passed(
        self,
        document: dict[str, Any],
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., httpx.Client],
    ) -> None:
        """To begin again at that second brings the same tickets."""
        at = document["tickets"][0]["at"]
        document["tickets"] = [{**document["tickets"][0], "id": n} for n in range(1, 8)]
        api = connect(serve(wall=3))
        asked = {"order_by": "updated_at", "order_type": "asc", "per_page": "2"}
        since = datetime.fromtimestamp(at, UTC).isoformat()
        seen = [
            key
            for page in (1, 2, 3)
            for key in ids(api.get("/tickets", params={
                **asked, "page": str(page), "updated_since": since}))
        ]  # fmt: skip
        assert seen == [1, 2, 3, 4, 5, 6]

    def test_a_list_that_moves_under_a_walk_loses_tickets(
        self, document: dict[str, Any], serve: Any, connect: Any, clock: ManualClock
    ) -> None:
        """Pages are counted anew each time: what is left of the first takes from the second."""
        told = {"by": "agent", "at": AS_OF + 9, "text": "Later"}
        document["changes"] = [{"at": AS_OF + 9, "do": "add_message", "ticket": 4, "message": told}]
        api = connect(serve())
        asked = EVER | {"order_by": "updated_at", "order_type": "asc", "per_page": "3"}
        first = api.get("/tickets", params=asked)
        clock.advance(9)
        second = api.get(first.links["next"]["url"])
        assert ids(first) + ids(second) == [4, 5, 1, 9, 8, 6]

    def test_the_wall_is_the_300th_page(self, reader: httpx.Client) -> None:
        """An empty page before it is no error."""
        assert ids(reader.get("/tickets", params={"page": 300})) == []
        told = error(reader.get("/tickets", params={"page": 301}))
        assert "beyond the 300th page" in told["message"]

    @pytest.mark.parametrize(
        ("params", "field", "code"),
        [
            ({"per_page": 101}, "per_page", "invalid_value"),
            ({"per_page": 0}, "per_page", "datatype_mismatch"),
            ({"page": "two"}, "page", "datatype_mismatch"),
            ({"page": 0}, "page", "datatype_mismatch"),
            ({"filter": "all_tickets"}, "filter", "invalid_value"),
            ({"order_by": "id"}, "order_by", "invalid_value"),
            ({"order_type": "up"}, "order_type", "invalid_value"),
            ({"updated_since": "yesterday"}, "updated_since", "invalid_value"),
            ({"include": "stats,words"}, "include", "invalid_value"),
            ({"requester_id": "ana"}, "requester_id", "datatype_mismatch"),
            ({"_updated_since": "2026-01-01"}, "_updated_since", "invalid_field"),
            ({"phone": "+12125550101"}, "phone", "invalid_field"),
        ],
    )
    def test_what_cannot_be_asked_is_400_and_names_the_field(
        self, reader: httpx.Client, params: dict[str, Any], field: str, code: str
    ) -> None:
        """An unknown parameter is refused, too, and not passed over."""
        told = error(reader.get("/tickets", params=params))
        assert (told["field"], told["code"]) == (field, code)


class TestIncludes:
    """What comes with a ticket, and costs."""

    def test_a_list_has_no_text_unless_it_is_included(self, reader: httpx.Client) -> None:
        """Neither as markup nor plain."""
        (plain,) = reader.get("/tickets", params={"per_page": 1}).json()
        (whole,) = reader.get("/tickets", params={"per_page": 1, "include": "description"}).json()
        extra = {"description", "description_text", "structured_description"}
        assert set(whole) - set(plain) == extra
        assert whole["description_text"] == "Hello 8"

    @pytest.mark.parametrize(
        ("include", "cost"),
        [("", 1), ("stats", 3), ("stats,requester", 5), ("description,stats,requester", 7)],
    )
    def test_each_inclusion_costs_two_credits_more(
        self, reader: httpx.Client, include: str, cost: int
    ) -> None:
        """The answer says what it took."""
        answer = reader.get("/tickets", params={"include": include} if include else {})
        assert answer.headers["x-ratelimit-used-currentrequest"] == str(cost)

    def test_the_requester_may_have_no_name_and_nothing_else(self, reader: httpx.Client) -> None:
        """A visitor of the web chat."""
        rows = reader.get("/tickets", params={"include": "requester"}).json()
        named = {row["id"]: row["requester"] for row in rows}
        assert named[3] == {"id": 102, "name": "", "email": None, "mobile": None, "phone": None}
        assert named[1]["phone"] == "+12125550101"

    def test_the_stats_tell_what_happened_when(self, reader: httpx.Client) -> None:
        """First answer, last words of each side, and when it was solved; else null."""
        rows = reader.get("/tickets", params={"include": "stats,company", **EVER}).json()
        told = {row["id"]: row for row in rows}
        stats = told[2]["stats"]
        assert stats["first_responded_at"] == "2026-06-18T09:00:00Z"
        assert stats["agent_responded_at"] == "2026-06-19T09:00:05Z"
        assert stats["requester_responded_at"] == "2026-06-19T09:00:00Z"
        assert (stats["resolved_at"], stats["closed_at"]) == (None, None)
        assert told[5]["stats"]["pending_since"] == told[5]["created_at"]
        assert told[4]["stats"]["closed_at"] == told[4]["updated_at"]
        assert (told[1]["company"]["name"], told[8]["company"]) == ("Harbour Co-op", {})
