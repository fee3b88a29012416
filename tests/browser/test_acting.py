"""What an agent does with the brief: verify, reveal, note, correct, pick, hand over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser import telling
from tests.browser.reading import violations
from tests.browser.states import enter, reached, ring, rung

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.answering import Answering

    Opener = Callable[..., Page]

pytestmark = pytest.mark.xdist_group("browser")

CALL = {"customer": "zendesk:100", "ring": "r1"}


def press(page: Page, name: str) -> None:
    """Press the button of that name."""
    page.get_by_role("button", name=name, exact=True).click()


def heard(page: Page, name: str) -> list[Any]:
    """What the component told its host under a name."""
    found: list[Any] = page.evaluate(
        "(name) => heard.filter(([one]) => one === name).map(([, detail]) => detail)", name
    )
    return found


def test_verifying_brings_the_whole_brief(open_page: Opener, answering: Answering) -> None:
    """One tick tells the service which call, and the brief grows; it cannot be unticked."""
    page = open_page()
    enter("ringing", page, answering)
    answering.answers |= {"verifications": {"until": telling.AS_OF}, "briefs": telling.verified()}
    tick = page.get_by_role("checkbox", name="Verified")
    tick.click()
    reached(page, "verified")
    assert answering.asked["verifications"] == [CALL]
    tick.click(force=True)
    expect(tick).to_be_checked()
    assert len(answering.asked["verifications"]) == 1


def test_a_refused_verification_is_said(open_page: Opener, answering: Answering) -> None:
    """The tick goes, the reason stands there in words."""
    page = open_page()
    enter("ringing", page, answering)
    answering.answers["verifications"] = 403
    tick = page.get_by_role("checkbox", name="Verified")
    tick.click()
    expect(page.get_by_role("alert")).to_contain_text("You may not see this")
    expect(tick).not_to_be_checked()


def test_without_a_call_nobody_is_verified(open_page: Opener, answering: Answering) -> None:
    """A customer who was looked up is on no call, so there is nothing to tick."""
    page = open_page()
    answering.answers["briefs"] = telling.unverified()
    page.evaluate("brief.show({ customer: 'zendesk:100' })")
    reached(page, "one")
    expect(page.get_by_role("checkbox", name="Verified")).to_have_count(0)


def test_before_verification_care_is_a_count(open_page: Opener, answering: Answering) -> None:
    """Two matters; opened, it says what to do to see them."""
    page = open_page()
    enter("ringing", page, answering)
    page.get_by_text("2 personal matters").click()
    expect(page.get_by_text("Tick “Verified” once you know who it is")).to_be_visible()


def test_a_reveal_shows_words_and_where_they_stand(open_page: Opener, answering: Answering) -> None:
    """The words come when they are asked for, for this call, and are gone with the next brief."""
    page = open_page()
    enter("answered", page, answering)
    words = "My friend Nils died last week"
    answering.answers["memories/m-loss/reveal"] = {
        "memory": "m-loss",
        "quote": words,
        "evidence": [telling.evidence(words)],
    }
    page.get_by_text("loss of a friend").click()
    press(page, "Show the words")
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.locator("figcaption")).to_contain_text("Mara Lindqvist said · 29 Jun · phone")
    assert answering.asked["memories/m-loss/reveal"] == [CALL]
    expect(page.locator(".care summary")).to_be_focused()
    page.evaluate("brief.show({ ring: 'r1' })")
    reached(page, "verified")
    expect(page.get_by_text(words)).to_have_count(0)


def test_evidence_opens_the_ticket(open_page: Opener, answering: Answering) -> None:
    """Its link tells the host, who may open it another way than in a new tab."""
    page = open_page()
    enter("answered", page, answering)
    page.evaluate("brief.addEventListener('remember-open', (event) => event.preventDefault())")
    page.get_by_text("spelling of the street").click()
    expect(page.locator("figcaption")).to_contain_text("Daniel Osei noted")
    page.get_by_role("link", name="#8810").click()
    assert heard(page, "remember-open") == [
        {"url": f"{telling.PAGES}/tickets/8810", "kind": "ticket", "ref": "zendesk:8810"}
    ]
    assert len(page.context.pages) == 1


@pytest.mark.parametrize(
    ("button", "verdict", "said"),
    [
        ("This helped", "helped", "Thank you."),
        ("Wrong", "wrong", "It will not be shown again."),
        ("No longer true", "outdated", "It will not be shown again."),
        ("Do not keep this", "unwanted", "It will not be shown again."),
    ],
)
def test_a_verdict_is_one_press(
    button: str, verdict: str, said: str, open_page: Opener, answering: Answering
) -> None:
    """The service is told of just this memory, and the agent that it was heard."""
    page = open_page()
    enter("answered", page, answering)
    answering.answers["feedback"] = 204
    page.get_by_text("spelling of the street").click()
    press(page, button)
    expect(page.get_by_text(said)).to_be_visible()
    assert answering.asked["feedback"] == [{"verdict": verdict, "memory": "m-street"}]


def test_a_note_is_one_key_away(open_page: Opener, answering: Answering) -> None:
    """`n` opens it, a question mark is understood, Enter keeps it, and the brief comes anew."""
    page = open_page()
    enter("answered", page, answering)
    page.get_by_role("checkbox", name="Verified").focus()
    page.keyboard.press("n")
    field = page.get_by_role("textbox", name="Note on Mara Lindqvist")
    expect(field).to_be_focused()
    page.keyboard.type("Moves in May, new ?street")
    expect(page.get_by_text("Will be shown under “Check”.")).to_be_visible()
    answering.answers |= {
        "notes": {"note": "n1"},
        "briefs": telling.verified(check=[telling.check("m-new", "street")]),
    }
    page.keyboard.press("Enter")
    expect(page.locator(".check")).to_contain_text("street")
    expect(field).to_be_hidden()
    assert answering.asked["notes"] == [{"words": "Moves in May, new ?street", **CALL}]
    assert page.evaluate("brief.shadowRoot.activeElement.textContent") == "Note"


def test_escape_closes_a_note_and_keeps_its_words(open_page: Opener, answering: Answering) -> None:
    """Opened again, the words are there; `n` in them is a letter."""
    page = open_page()
    enter("answered", page, answering)
    press(page, "Note")
    page.keyboard.type("nine")
    page.keyboard.press("Escape")
    expect(page.get_by_role("textbox")).to_have_count(0)
    page.keyboard.press("n")
    expect(page.get_by_role("textbox", name="Note on Mara")).to_have_value("nine")


def test_what_is_opened_reads_well(open_page: Opener, answering: Answering) -> None:
    """Axe finds nothing either with a note begun, words revealed and something said of them."""
    page = open_page(width=258)
    enter("answered", page, answering)
    words = "My friend Nils died last week"
    shown = {"memory": "m-loss", "quote": words, "evidence": [telling.evidence(words)]}
    answering.answers |= {"memories/m-loss/reveal": shown, "feedback": 204}
    page.get_by_text("loss of a friend").click()
    press(page, "Show the words")
    expect(page.get_by_text(words)).to_be_visible()
    press(page, "This helped")
    press(page, "Note")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []


def test_the_keyboard_reaches_everything(open_page: Opener, answering: Answering) -> None:
    """Tab goes from top to bottom, and where it is can be seen."""
    page = open_page()
    enter("answered", page, answering)
    reached_names = []
    for _ in range(14):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            """() => {
              const { activeElement: one } = brief.shadowRoot;
              const name = one?.labels?.[0]?.textContent ?? one?.textContent ?? "";
              return [name, one ? getComputedStyle(one).outlineStyle : "solid"];
            }"""
        )
        assert outline == "solid", name
        reached_names.append(name)
    wanted = ["Note", "Verified", "Mara Lindqvist", "“Please speak slowly”"]
    assert reached_names[:4] == wanted
    assert reached_names.index("Copy") < reached_names.index("More")


def test_a_note_that_failed_is_not_lost(open_page: Opener, answering: Answering) -> None:
    """The words stay, and why they could not be kept is said."""
    page = open_page()
    enter("answered", page, answering)
    press(page, "Note")
    page.keyboard.type("Moves in May")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("known no longer")
    expect(page.get_by_role("textbox", name="Note on Mara")).to_have_value("Moves in May")


def test_a_note_stays_with_whom_it_is_about(open_page: Opener, answering: Answering) -> None:
    """When somebody else rings meanwhile, it is still kept for the one before."""
    page = open_page()
    enter("ended", page, answering)
    press(page, "Note")
    page.keyboard.type("Moves in May")
    other = telling.customer(ref="zendesk:101", name="Jonas Ek")
    rung(telling.unverified(customer=other), key="r2")(page, answering)
    expect(page.get_by_role("heading", name="Jonas Ek")).to_be_visible()
    answering.answers["notes"] = {"note": "n1"}
    page.get_by_role("textbox", name="Note on Mara Lindqvist").press("Enter")
    expect(page.get_by_role("textbox")).to_have_count(0)
    assert answering.asked["notes"] == [{"words": "Moves in May", **CALL}]


def test_one_of_several_is_picked(open_page: Opener, answering: Answering) -> None:
    """The pick goes with the ring, so that the call stays known."""
    page = open_page()
    enter("several", page, answering)
    answering.answers["briefs"] = telling.unverified()
    page.get_by_role("button", name="Mara Lindqvist").click()
    reached(page, "one")
    assert answering.asked["briefs"][-1] == {**CALL, "language": "en"}
    expect(page.get_by_text("Ringing", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Mara Lindqvist")).to_be_focused()


def test_two_are_one_person(open_page: Opener, answering: Answering) -> None:
    """Two ticks and a press tell the service, and the host, where the two can be merged."""
    page = open_page()
    enter("several", page, answering)
    answering.answers["feedback"] = 204
    page.get_by_text("Two of them are one person").click()
    press(page, "These two are one person")
    expect(page.get_by_text("Tick two.")).to_be_visible()
    page.get_by_role("checkbox", name="Mara Lindqvist").check()
    page.get_by_role("checkbox", name="Jonas Lindqvist").check()
    press(page, "These two are one person")
    expect(page.get_by_text("Merge the two in the helpdesk")).to_be_visible()
    told = {"verdict": "same_person", "customer": "zendesk:100", "other": "zendesk:101"}
    assert answering.asked["feedback"] == [told]
    assert heard(page, "remember-open")[0]["kind"] == "merge"


def test_nobody_known_can_be_looked_up(open_page: Opener, answering: Answering) -> None:
    """A name that the caller says leads to their brief, on this call."""
    page = open_page()
    enter("hidden", page, answering)
    answering.answers |= {
        "customers": {"customers": [telling.candidate("zendesk:100", "Mara Lindqvist")]},
        "briefs": telling.unverified(),
    }
    page.get_by_role("searchbox").fill("mara l")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Mara Lindqvist").click()
    reached(page, "one")
    assert answering.asked["customers"] == [{"words": "mara l"}]
    assert answering.asked["briefs"][-1] == {**CALL, "language": "en"}


def test_what_was_told_can_be_searched(open_page: Opener, answering: Answering) -> None:
    """Behind More: hits of this customer, and like issues of anybody."""
    page = open_page()
    enter("answered", page, answering)
    quote = "The router blinks red"
    hit = {"score": 0.9, "words": ["router"], "hidden": False, "quote": quote}
    like = {"score": 0.8, "title": "Router offline", "outcome": "solved", "ticket": "zendesk:1"}
    answering.answers["recall"] = {
        "hits": [hit | {"evidence": [telling.evidence(quote)]}],
        "like_issues": [like | {"url": "", "resolution": "New firmware", "hidden": False}],
    }
    page.get_by_text("More", exact=True).click()
    page.get_by_role("searchbox").fill("router")
    page.keyboard.press("Enter")
    expect(page.locator(".found")).to_contain_text(quote)
    expect(page.locator(".found")).to_contain_text("New firmware")
    assert answering.asked["recall"] == [{"words": "router", **CALL}]


def test_another_agent_is_preferred(open_page: Opener, answering: Answering) -> None:
    """Handing over is the host's to do."""
    page = open_page()
    enter("answered", page, answering)
    press(page, "Hand over")
    agent = {"ref": "zendesk:12", "name": "Daniel Osei"}
    told = {"agent": agent, "customer": "zendesk:100", "ticket": None}
    assert heard(page, "remember-prefer") == [told]


def test_an_agent_may_decline_to_be_preferred(open_page: Opener, answering: Answering) -> None:
    """Whoever is preferred can say that they would rather not be offered."""
    page = open_page()
    answering.answers["feedback"] = 204
    rung(telling.unverified(preferred_agent=telling.preferred(is_you=True)))(page, answering)
    page.locator("section.preferred_agent summary").click()
    press(page, "Do not offer me")
    expect(page.get_by_text("You are not offered to this customer.")).to_be_visible()
    assert answering.asked["feedback"] == [{"verdict": "do_not_offer", "customer": "zendesk:100"}]


@pytest.mark.parametrize("allowed", [True, False], ids=["clipboard", "frame without clipboard"])
def test_a_suggestion_is_copied(*, allowed: bool, open_page: Opener, answering: Answering) -> None:
    """With or without the browser's clipboard permission."""
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    if not allowed:
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()) }")
    enter("answered", page, answering)
    press(page, "Copy")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == telling.verified()["suggestions"][0]["text"]


def test_the_service_is_away(open_page: Opener, answering: Answering) -> None:
    """The last brief of the same call stays with its age; nothing of it is on the disk."""
    page = open_page()
    enter("offline", page, answering)
    expect(page.locator(".banner")).to_contain_text("Offline. This is from")
    expect(page.get_by_role("heading", name="Mara Lindqvist")).to_be_visible()
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    answering.answers["briefs"] = telling.verified()
    press(page, "Try again")
    reached(page, "verified")
    expect(page.locator(".banner")).to_be_hidden()


def test_another_customers_brief_never_stands_in(open_page: Opener, answering: Answering) -> None:
    """When the service is away, somebody of whom nothing was shown yet has no brief."""
    page = open_page()
    enter("offline", page, answering)
    ring(page, "ended")
    ring(page, key="r2")
    reached(page, "error")
    expect(page.get_by_role("heading", name="Mara Lindqvist")).to_have_count(0)


def test_a_group_ring_is_claimed(open_page: Opener, answering: Answering) -> None:
    """Nobody's memory is asked for before one agent says "I take it"."""
    page = open_page()
    answering.answers["briefs"] = telling.unverified()
    ring(page, unclaimed=True, yours=False)
    reached(page, "unclaimed")
    assert answering.asked["briefs"] == []
    press(page, "I take it")
    reached(page, "one")
    assert answering.asked["briefs"] == [{"ring": "r1", "claim": True, "language": "en"}]


def test_a_colleague_was_faster(open_page: Opener, answering: Answering) -> None:
    """Whether the press came too late or the stream says so: nothing is left of the call."""
    page = open_page()
    ring(page, unclaimed=True, yours=False)
    answering.answers["briefs"] = {
        "type": "urn:remember-them:claimed",
        "title": "Claimed",
        "status": 409,
    }
    press(page, "I take it")
    expect(page.get_by_text("A colleague has taken the call.").first).to_be_visible()
    ring(page, key="r2", unclaimed=True, yours=False)
    reached(page, "unclaimed")
    ring(page, "answered", key="r2", yours=False)
    reached(page, "idle")


def test_a_call_gives_way_to_no_other(open_page: Opener, answering: Answering) -> None:
    """A second ring waits beside the first, and comes when it ends, or on a press."""
    page = open_page()
    enter("answered", page, answering)
    other = telling.customer(ref="zendesk:101", name="Jonas Ek")
    answering.answers["briefs"] = telling.unverified(customer=other)
    ring(page, key="r2")
    expect(page.get_by_role("heading", name="Mara Lindqvist")).to_be_visible()
    press(page, "Another call")
    expect(page.get_by_role("heading", name="Jonas Ek")).to_be_visible()
    answering.answers["briefs"] = telling.verified()
    ring(page, "ended", key="r2")
    expect(page.get_by_role("heading", name="Mara Lindqvist")).to_be_visible()


def test_ten_rings_a_second(open_page: Opener, answering: Answering) -> None:
    """The first stays on screen; of those that wait only the one that still rings is shown."""
    page = open_page()
    enter("ringing", page, answering)
    for number in range(10):
        ring(page, key=f"more{number}")
    for number in range(9):
        ring(page, "ended", key=f"more{number}")
    assert len(answering.asked["briefs"]) == 1
    ring(page, "ended")
    page.locator("remember-brief[state=one]").wait_for()
    assert [one["ring"] for one in answering.asked["briefs"]] == ["r1", "more9"]


def test_the_latest_asked_wins(open_page: Opener, answering: Answering) -> None:
    """An answer that comes late does not take the place of a newer one."""
    page = open_page()
    held: list[Any] = []
    page.route("**/v1/briefs", lambda route: held.append(route))  # noqa: PLW0108  it is marked
    page.evaluate(
        "void brief.show({ customer: 'zendesk:1' }); void brief.show({ ticket: 'zendesk:2' })"
    )
    expect(page.locator("remember-brief[state=loading]")).to_be_visible()
    while len(held) < 2:
        page.wait_for_timeout(10)
    late, newer = sorted(held, key=lambda one: "ticket" in (one.request.post_data or ""))
    newer.fulfill(json=telling.unverified())
    reached(page, "one")
    late.fulfill(json=telling.nobody("none"))
    page.wait_for_timeout(50)
    reached(page, "one")


def test_an_expired_session_is_renewed_mid_call(open_page: Opener, answering: Answering) -> None:
    """A refused bearer is exchanged once for a new one, and the agent notices nothing."""
    page = open_page()
    enter("ringing", page, answering)
    answers = iter([401, {"until": telling.AS_OF}])
    answering.answers |= {
        "verifications": lambda _question: next(answers),
        "briefs": telling.verified(),
    }
    page.get_by_role("checkbox", name="Verified").click()
    reached(page, "verified")
    assert len(answering.asked["sessions"]) == 2


def test_it_tells_its_height(open_page: Opener, answering: Answering) -> None:
    """The host learns how high it is, each time that changes."""
    page = open_page()
    enter("answered", page, answering)
    told = """new Promise((resolve) => setInterval(() => {
      const [, detail] = heard.findLast(([name]) => name === "remember-resize");
      if (detail.height === brief.offsetHeight) resolve(detail.height);
    }, 10))"""
    assert page.evaluate(told) > 320


def test_marks_for_the_bench(open_page: Opener, answering: Answering) -> None:
    """From the ring to the painted brief can be measured."""
    page = open_page()
    enter("ringing", page, answering)
    marks = """new Promise((resolve) => setInterval(() => {
      const marks = performance.getEntriesByType("mark").map((one) => one.name);
      if (marks.length > 1) resolve(marks);
    }, 10))"""
    assert page.evaluate(marks) == ["remember-ring", "remember-brief-painted"]
