"""The agent's own day and regulars: to be read in a minute, for that agent's eyes only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser import telling
from tests.browser.reading import violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.answering import Answering

    Opener = Callable[..., Page]

pytestmark = pytest.mark.xdist_group("browser")

SHOW = """async ({ pick, on }) => {
  await import("/assets/remember-day.js");
  globalThis.day = document.createElement("remember-day");
  day.toggleAttribute("pick", pick);
  day.setAttribute("language", brief.words.locale);
  day.client = brief.client;
  for (const name of ["remember-open", "remember-pick"]) {
    day.addEventListener(name, (event) => {
      event.preventDefault();
      heard.push([name, event.detail]);
    });
  }
  brief.replaceWith(day);
  await new Promise((after) => setTimeout(after, 50));
  heard.length = 0;
  await day.show(on);
}"""


def person(ref: str, name: str | None) -> dict[str, Any]:
    """A customer as the day names them."""
    return {"ref": ref, "name": name, "url": f"{telling.PAGES}/users/{ref.partition(':')[2]}"}


def talk(who: dict[str, Any], title: str, *remember: str, **more: Any) -> dict[str, Any]:
    """A conversation of the day."""
    return {
        "at": "2026-07-07T07:10:00Z",
        "customer": who,
        "ticket": "zendesk:1",
        "title": title,
        "hidden": False,
        "channel": "voice",
        "minutes": 12.4,
        "outcome": "solved",
        "remember": list(remember),
        **more,
    }


def call(key: str, state: str, who: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    """A call of the day."""
    told = {"direction": "inbound", "answered": False, "at": "2026-07-07T08:55:00Z", **more}
    return {"ring": key, "state": state, "customer": who, **told}


MARA, JONAS = person("zendesk:100", "Mara Lindqvist"), person("zendesk:101", "Jonas Ek")
CODES = ("promise", "check", "first_contact", "returned", "left_unhappy", "care")
DAY = {
    "version": 1,
    "agent": "zendesk:11",
    "on": "2026-07-07",
    "conversations": [
        talk(JONAS, "Router offline since the storm", *CODES),
        talk(MARA, "Cancellation", "care", hidden=True, outcome="open"),
        talk(person("zendesk:102", None), "x" * 200, minutes=None, channel="carrier_pigeon"),
    ],
    "rings": [
        call("r1", "ringing", MARA),
        call("r2", "ended", None),
        call("r3", "ended", JONAS, answered=True),
    ],
}
REGULARS = [
    {"customer": MARA, "times": 6, "last_on": "2026-06-29", "preferred": True, "offered": True},
    {"customer": JONAS, "times": 1, "last_on": "2025-06-12", "preferred": False, "offered": False},
]


def show(page: Page, answering: Answering, *, pick: bool = False, on: str | None = None) -> None:
    """Let the page show a full day."""
    answering.answers |= {
        "agents/me/day": DAY,
        "agents/me/regulars": {"version": 1, "agent": "zendesk:11", "regulars": REGULARS},
        "feedback": 204,
    }
    page.evaluate(SHOW, {"pick": pick, "on": on})


@pytest.mark.parametrize("pick", [True, False], ids=["page", "popover"])
def test_the_day_reads_well(*, pick: bool, open_page: Opener, answering: Answering) -> None:
    """Axe finds nothing and nothing is too wide, in both schemes, on 258 pixels and on 700."""
    page = open_page()
    show(page, answering, pick=pick)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (258, 700):
            page.set_viewport_size({"width": width, "height": 640})
            assert violations(page) == [], (scheme, width)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_to_remember_comes_first(open_page: Opener, answering: Answering) -> None:
    """A neutral title is said in the agent's language; a word nobody knows as it is."""
    page = open_page("/bench?language=de")
    show(page, answering)
    text = page.locator(".day").inner_text()
    order = [text.index(one) for one in ("Zum Merken", "Jonas", "Kündigung", "Außerdem", "carrier")]
    assert order[0] < order[2] < order[3] < order[4]
    expect(page.locator(".mark").get_by_text("zugesagt")).to_be_visible()


def test_names_are_links_where_the_host_opens_them(open_page: Opener, answering: Answering) -> None:
    """In a helpdesk's popover the customer's page is opened the host's way."""
    page = open_page()
    show(page, answering)
    page.get_by_role("link", name="Jonas Ek").first.click()
    url = f"{telling.PAGES}/users/101"
    told = {"url": url, "kind": "customer", "ref": "zendesk:101"}
    assert page.evaluate("heard") == [["remember-open", told]]


def test_names_are_picked_on_the_page(open_page: Opener, answering: Answering) -> None:
    """A call that goes on is picked as the call, else the customer."""
    page = open_page()
    show(page, answering, pick=True)
    page.get_by_role("button", name="Mara Lindqvist").first.click()
    page.get_by_role("button", name="Jonas Ek").first.click()
    assert page.evaluate("heard") == [
        ["remember-pick", {"ring": "r1"}],
        ["remember-pick", {"customer": "zendesk:101"}],
    ]


def test_an_agent_is_offered_or_not(open_page: Opener, answering: Answering) -> None:
    """One press, and another takes it back."""
    page = open_page()
    show(page, answering)
    page.get_by_role("button", name="Do not offer me").click()
    again = page.get_by_role("button", name="Offer me again")
    expect(again).to_have_count(2)
    again.first.click()
    expect(again).to_have_count(1)
    verdicts = [(one["verdict"], one["customer"]) for one in answering.asked["feedback"]]
    assert verdicts == [("do_not_offer", "zendesk:100"), ("offer_again", "zendesk:100")]


def test_a_day_that_cannot_be_had(open_page: Opener, answering: Answering) -> None:
    """It says so, and can be asked for again."""
    page = open_page()
    answering.answers["agents/me/day"] = 503
    page.evaluate(SHOW, {"pick": False, "on": None})
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    answering.answers |= {"agents/me/day": DAY, "agents/me/regulars": {"regulars": REGULARS}}
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Your day")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
