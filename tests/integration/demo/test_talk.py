"""Talk's exports of calls and legs, and every habit of theirs that has broken a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.demo.telling import LINE
from connector.demo.zendesk.account import Account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import httpx

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk

AS_OF = 1783414800
BEGAN = AS_OF - 100 * 86_400
TALK = "/api/v2/channels/voice/stats/incremental"


def rows(api: httpx.Client, name: str, start: int = 0) -> list[dict[str, Any]]:
    """The rows of one page."""
    page = api.get(f"{TALK}/{name}.json", params={"start_time": start})
    assert page.status_code == 200
    return list(page.json()[name])


def by_id(found: Iterable[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Rows by their ids."""
    return {row["id"]: row for row in found}


@pytest.fixture
def rung(
    document: dict[str, Any],
    serve: Callable[..., DemoHelpdesk],
    connect: Callable[..., httpx.Client],
) -> Callable[..., httpx.Client]:
    """Serves the account with some calls that left no ticket."""

    def run(*calls: dict[str, Any], **options: Any) -> httpx.Client:
        document["calls"] = [{"id": n, **call} for n, call in enumerate(calls, 1)]
        return connect(serve(**options))

    return run


class TestCalls:
    """`GET /channels/voice/stats/incremental/calls`."""

    def test_a_call_of_a_ticket_is_listed(self, api: httpx.Client) -> None:
        """By the id its comment names; the number is the company's line, who rang an id."""
        comment = api.get("/api/v2/tickets/1/comments").json()["comments"][0]
        row = by_id(rows(api, "calls"))[comment["data"]["call_id"]]
        assert (row["ticket_id"], row["customer_id"], row["agent_id"]) == (1, 100, 11)
        assert (row["talk_time"], row["completion_status"]) == (97 * 60, "completed")
        assert row["phone_number"] == row["line"] == LINE
        assert "+12125550101" not in str(row)

    def test_a_partners_call_is_not(self, api: httpx.Client) -> None:
        """Talk knows only its own."""
        assert 2 not in {row["ticket_id"] for row in rows(api, "calls")}

    @pytest.mark.parametrize(
        ("outcome", "status"),
        [
            ("missed", "completed"),
            ("abandoned", "abandoned_in_queue"),
            ("voicemail", "completed"),
        ],
    )
    def test_a_call_nobody_answered_may_have_no_ticket(
        self, rung: Callable[..., httpx.Client], outcome: str, status: str
    ) -> None:
        """There is no word for a missed one: it has completed, without an agent and a talk."""
        call = {"minutes": 1.5, "outcome": outcome}
        api = rung({"at": AS_OF - 7200, "customer": 101, "call": call})
        (row,) = rows(api, "calls", AS_OF - 7200)
        assert (row["ticket_id"], row["customer_id"], row["agent_id"]) == (None, 101, None)
        assert (row["completion_status"], row["voicemail"]) == (
            status,
            outcome == "voicemail",
        )
        assert row["talk_time"] == 0

    def test_a_hidden_caller_is_no_customer(self, rung: Callable[..., httpx.Client]) -> None:
        """Nobody's id stands in the row."""
        call = {"minutes": 1.0, "outcome": "missed", "from": "anonymous"}
        (row,) = rows(rung({"at": AS_OF - 7200, "call": call}), "calls", AS_OF - 7200)
        assert row["customer_id"] is None

    def test_a_call_changes_until_it_is_written_up(
        self, rung: Callable[..., httpx.Client], clock: ManualClock
    ) -> None:
        """Its ticket, lengths and end come when it is over; each time it moves in the export."""
        call = {"minutes": 10.0, "outcome": "voicemail"}
        api = rung({"at": AS_OF, "customer": 101, "call": call})
        seen = []
        for step in (0, 600, 60):
            clock.advance(step)
            (row,) = rows(api, "calls", AS_OF)
            seen.append((row["completion_status"], row["duration"], row["voicemail"]))
        assert seen == [
            (None, 0, False),
            ("pending_voicemail", 600, True),
            ("completed", 600, True),
        ]

    def test_the_last_page_names_itself(self, rung: Callable[..., httpx.Client]) -> None:
        """There is a next page for ever, and no `end_of_stream`."""
        calls = [
            {"at": AS_OF - 90_000 + 120 * n, "call": {"minutes": 0.5, "outcome": "missed"}}
            for n in range(120)
        ]
        api = rung(*calls)
        page = api.get(f"{TALK}/calls", params={"start_time": AS_OF - 90_000}).json()
        counts, seen = [page["count"]], {row["id"] for row in page["calls"]}
        while page["count"] == 50:
            page = api.get(page["next_page"]).json()
            counts.append(page["count"])
            seen |= {row["id"] for row in page["calls"]}
        assert counts == [50, 50, 22]
        assert len(seen) == 120
        again = api.get(page["next_page"]).json()
        assert (again["count"], again["end_time"]) == (1, page["end_time"])
        assert again["next_page"] == page["next_page"]
        assert not {"end_of_stream", "after_cursor"} & set(page)

    def test_without_calls_the_next_page_is_this_one(self, api: httpx.Client) -> None:
        """From the second that was asked for."""
        page = api.get(f"{TALK}/calls", params={"start_time": AS_OF - 100}).json()
        assert (page["calls"], page["count"], page["end_time"]) == ([], 0, AS_OF - 100)
        assert f"start_time={AS_OF - 100}" in page["next_page"]

    def test_times_come_with_and_without_a_zone(self, rung: Callable[..., httpx.Client]) -> None:
        """Even within one answer."""
        call = {"minutes": 0.5, "outcome": "missed"}
        api = rung(*({"at": AS_OF - 7200 + 60 * n, "call": call} for n in range(2)))
        ends = {row["created_at"][-1] for row in rows(api, "calls", AS_OF - 7200)}
        assert len(ends) == 2
        assert "Z" in ends


class TestLegs:
    """`GET /channels/voice/stats/incremental/legs`."""

    def test_the_customer_and_each_telephone_that_rang_have_one(
        self, rung: Callable[..., httpx.Client], document: dict[str, Any]
    ) -> None:
        """An agent who does not pick up missed or declined it."""
        document["agents"] += [{"id": n, "name": f"Agent {n}"} for n in (12, 13)]
        call = {"minutes": 1.5, "outcome": "missed"}
        api = rung({"at": AS_OF - 7200, "customer": 101, "call": call})
        legs = rows(api, "legs", AS_OF - 7200)
        assert [leg["type"] for leg in legs] == ["customer", "agent", "agent"]
        assert [leg["completion_status"] for leg in legs[1:]] == ["agent_missed", "agent_declined"]
        assert {leg["talk_time"] for leg in legs} == {0}
        assert len({leg["agent_id"] for leg in legs[1:]}) == 2

    def test_who_talked_has_the_talk(self, api: httpx.Client) -> None:
        """The agent of the call, for as long as it lasted."""
        call = next(row for row in rows(api, "calls") if row["ticket_id"] == 1)
        legs = [leg for leg in rows(api, "legs") if leg["call_id"] == call["id"]]
        (talked,) = [leg for leg in legs if leg["talk_time"]]
        assert (talked["agent_id"], talked["talk_time"]) == (11, 97 * 60)
        assert legs[0]["type"] == "customer"

    def test_a_caller_who_hangs_up_is_told(self, rung: Callable[..., httpx.Client]) -> None:
        """On both ends."""
        call = {"minutes": 0.8, "outcome": "abandoned"}
        legs = rows(rung({"at": AS_OF - 7200, "call": call}), "legs", AS_OF - 7200)
        assert {leg["completion_status"] for leg in legs} == {"customer_hang_up"}


class TestWhoMay:
    """Not every plan and not every user."""

    @pytest.mark.parametrize("name", ["calls", "legs"])
    @pytest.mark.parametrize(
        ("talk", "status"), [("not_on_plan", 404), ("not_allowed", 403), ("offered", 200)]
    )
    def test_talk_can_be_missing(
        self, helpdesk: DemoHelpdesk, api: httpx.Client, name: str, talk: Any, status: int
    ) -> None:
        """404 where the plan has none, 403 where the user may not."""
        assert isinstance(helpdesk.state, Account)
        helpdesk.state.habits.talk = talk
        assert api.get(f"{TALK}/{name}", params={"start_time": 0}).status_code == status

    def test_it_is_for_admins(
        self, helpdesk: DemoHelpdesk, connect: Callable[..., httpx.Client]
    ) -> None:
        """An agent is refused."""
        auth = ("eli@acme.example/token", helpdesk.credentials.api_token)
        client = connect(helpdesk, headers={}, auth=auth)
        assert client.get(f"{TALK}/calls", params={"start_time": 0}).status_code == 403

    def test_a_start_must_be_named(self, api: httpx.Client) -> None:
        """There is no default."""
        assert api.get(f"{TALK}/calls").status_code == 400
