"""Credits a minute, and how an account tells of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from connector.demo import faults
from connector.demo.freshdesk.plan import BY_THE_HOUR, GROWTH
from connector.demo.server import Rates

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk


@pytest.fixture
def limited(
    serve: Callable[..., DemoHelpdesk], connect: Callable[..., httpx.Client]
) -> Callable[..., httpx.Client]:
    """A client of an account with these limits."""

    def start(requests: int, ticket_lists: int = 99, contact_lists: int = 99) -> httpx.Client:
        return connect(serve(rates=Rates(requests, ticket_lists, contact_lists)))

    return start


def left(answer: httpx.Response) -> tuple[str, str, str]:
    """The total, what remains of it, and what this request took."""
    names = ("Total", "Remaining", "Used-CurrentRequest")
    total, remaining, used = (answer.headers[f"X-RateLimit-{name}"] for name in names)
    return total, remaining, used


class TestCredits:
    """Of the whole account."""

    def test_every_answer_tells_what_is_left_refusals_too(
        self, limited: Callable[..., httpx.Client]
    ) -> None:
        """What is wrong, missing or not allowed counts like the rest."""
        api = limited(50)
        assert left(api.get("/tickets/1")) == ("50", "49", "1")
        assert left(api.get("/tickets/99")) == ("50", "48", "1")
        assert left(api.get("/tickets?colour=red")) == ("50", "47", "1")
        stranger = httpx.get(f"{api.base_url}tickets/1", auth=("wrong", "X"))
        assert (stranger.status_code, left(stranger)) == (401, ("50", "46", "1"))
        assert left(api.get("/tickets?include=stats,requester")) == ("50", "41", "5")

    def test_beyond_the_limit_it_is_an_empty_429_until_the_window_ends(
        self, limited: Callable[..., httpx.Client], clock: ManualClock
    ) -> None:
        """`Retry-After` says when; a second earlier is too early."""
        api = limited(2)
        clock.advance(20)
        codes = [api.get("/tickets/1").status_code for _ in range(3)]
        assert codes == [200, 200, 429]
        refused = api.get("/tickets/1")
        assert (refused.content, refused.headers["retry-after"]) == (b"", "40")
        assert left(refused) == ("2", "0", "1")
        clock.advance(39)
        assert api.get("/tickets/1").status_code == 429
        clock.advance(1)
        assert api.get("/tickets/1").status_code == 200

    def test_a_page_that_costs_more_than_is_left_is_refused(
        self, limited: Callable[..., httpx.Client]
    ) -> None:
        """A cheaper one still comes."""
        api = limited(9)
        dear = "/tickets?include=stats,requester,description"
        codes = [api.get(path).status_code for path in (dear, dear, "/tickets", "/tickets")]
        assert codes == [200, 429, 200, 200]

    def test_two_lists_have_limits_of_their_own(self, limited: Callable[..., httpx.Client]) -> None:
        """Which no header tells of before they are met."""
        api = limited(50, ticket_lists=2, contact_lists=1)
        paths = [*["/tickets"] * 3, *["/contacts"] * 2, "/tickets/1", "/contacts/100"]
        answers = [api.get(path) for path in paths]
        codes = [answer.status_code for answer in answers]
        assert codes == [200, 200, 429, 200, 429, 200, 200]
        assert left(answers[1]) == ("50", "48", "1")
        assert answers[2].headers["retry-after"] == "60"

    def test_an_older_account_counts_by_the_hour(
        self,
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., httpx.Client],
        clock: ManualClock,
    ) -> None:
        """A minute later nothing has been given back."""
        api = connect(serve(rates=replace(BY_THE_HOUR, requests=1)))
        assert api.get("/tickets/1").status_code == 200
        clock.advance(60)
        refused = api.get("/tickets/1")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "3540")
        clock.advance(3540)
        assert api.get("/tickets/1").status_code == 200

    def test_a_small_plan_has_small_limits(self) -> None:
        """As its public page lists them."""
        assert (GROWTH.requests, GROWTH.ticket_lists, GROWTH.contact_lists) == (200, 20, 20)


class TestHeaders:
    """How the limits are written."""

    @pytest.mark.parametrize(
        ("case", "name"),
        [
            ("documented", b"X-RateLimit-Remaining"),
            ("lower", b"x-ratelimit-remaining"),
            ("upper", b"X-RATELIMIT-REMAINING"),
        ],
    )
    def test_their_names_come_in_any_letter_case(
        self, *, serve: Any, connect: Any, case: str, name: bytes
    ) -> None:
        """On the wire, where a reader must not mind."""
        answer = connect(serve(header_case=case)).get("/tickets/1")
        assert name in [raw for raw, _ in answer.headers.raw]

    def test_their_numbers_may_have_a_point(
        self, serve: Callable[..., DemoHelpdesk], connect: Callable[..., httpx.Client]
    ) -> None:
        """`100.0`, which is no whole number to a careless reader."""
        api = connect(serve(decimals=True, rates=Rates(100, 9, 9)))
        assert left(api.get("/tickets/1")) == ("100.0", "99.0", "1.0")

    def test_the_version_is_told(self, reader: httpx.Client) -> None:
        """In a header of its own."""
        assert "v2" in reader.get("/agents/me").headers["x-freshdesk-api-version"]


def test_faults_get_in_the_way_here_too(
    helpdesk: DemoHelpdesk, connect: Callable[..., httpx.Client]
) -> None:
    """A refusal, a changed answer, smaller pages."""
    api = connect(helpdesk)
    helpdesk.faults.append(faults.empty(429, headers={"Retry-After": "3"}, path="/agents"))
    refused = api.get("/agents/me")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3")
    helpdesk.faults.append(faults.fewer_rows(1, path="/contacts$"))
    assert len(api.get("/contacts?per_page=100").json()) == 1
    assert [seen.status for seen in helpdesk.seen] == [429, 200]
