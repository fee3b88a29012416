"""Words to say: few, plain, and never of anything private."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory import policy
from memory.asking.lines import lines_of
from memory.asking.suggestions import FOLLOWED_UP_DAYS, LONG_DAYS, MOST, suggestions_for
from memory.asking.wording import SLOTS, Resource, Wording, packaged, slots
from tests.unit.asking.briefs import (
    before,
    brief,
    item,
    last,
    missed,
    open_ticket,
    promise,
    random_briefs,
    you,
)

if TYPE_CHECKING:
    from memory.asking.document import Brief

TODAY = date(2026, 7, 7)
WITHOUT_FACTS = {"unknown_caller", "hidden_number", "shared_number", "unverified"}
MOVING = Resource("Moving house, step by step", "https://help.example.com/m", ("moving",))
SAD = "My late husband's funeral"
ROUTER = before("Router drops", tickets=["zendesk:5"], times=1)


def said(made: Brief, wording: Wording | None = None, today: date = TODAY) -> dict[str, str]:
    """Situation to sentence."""
    found = suggestions_for(made, today, wording or packaged())
    assert len({one["situation"] for one in found}) == len(found)
    return {one["situation"]: one["text"] for one in found}


def situations(made: Brief, **how: Any) -> list[str]:
    """What is spoken of, in order."""
    return list(said(made, **how))


def ask(outcome: str = "one", by: str = "phone") -> dict[str, Any]:
    """A look-up by phone, unless told otherwise."""
    return {"by": by, "value": "+12125550101", "outcome": outcome, "candidates": []}


def spoken_of(**more: Any) -> dict[str, Any]:
    """A last contact about the router, nine days ago, solved."""
    evidence = [{"ticket": "zendesk:5"}]
    return last(**{"on": "2026-06-28", "evidence": evidence, "restatement": "It drops", **more})


@pytest.mark.parametrize(
    ("life", "made", "answer"),
    [
        ("nothing to say", brief(), []),
        ("nobody known", brief(customer=None, match=ask("none")), ["unknown_caller"]),
        ("no number", brief(customer=None, match=ask("hidden")), ["hidden_number"]),
        ("several", brief(customer=None, match=ask("several")), ["shared_number"]),
        ("not known by e-mail", brief(customer=None, match=ask("none", "email")), []),
        ("not verified yet", brief(verified=False), ["unverified"]),
        ("not verified, in a ticket", brief(verified=False, match=ask(by="ticket")), []),
        (
            "not verified, and much to say",
            brief(verified=False, missed=[missed()], promises=[promise()]),
            ["unverified"],
        ),
        ("late with a promise", brief(promises=[promise()]), ["overdue_promise"]),
        ("a promise", brief(promises=[promise(state="open")]), ["open_promise"]),
        (
            "what is late comes first, and one promise is enough",
            brief(promises=[promise(state="open"), promise()]),
            ["overdue_promise"],
        ),
        ("a promise kept", brief(promises=[promise(state="kept")]), []),
        ("a promise that is private", brief(promises=[promise("Request", hidden=True)]), []),
        ("rang in vain", brief(missed=[missed()]), ["missed_calls"]),
        (
            "back again",
            brief(open=[open_ticket(5, "No internet")], before=[ROUTER]),
            ["same_problem_again"],
        ),
        (
            "of the same title, and another thing",
            brief(open=[open_ticket(title="Router drops")], before=[ROUTER]),
            [],
        ),
        (
            "back again, and private",
            brief(open=[open_ticket(5, "Request", hidden=True)], before=[ROUTER]),
            [],
        ),
        (
            "back again, as something private",
            brief(
                open=[open_ticket(5, "Request")],
                before=[before("Request", hidden=True, tickets=["zendesk:5"])],
            ),
            [],
        ),
        (
            "solved last time, and back",
            brief(
                open=[open_ticket(6, "No internet")],
                before=[before("Router drops", tickets=["zendesk:5", "zendesk:6"])],
                last=spoken_of(),
            ),
            ["same_problem_again"],
        ),
        ("back after long", brief(last=last(on="2025-07-06")), ["back_after_long"]),
        ("back after a year", brief(last=last(on="2025-07-07")), []),
        ("solved last time", brief(last=spoken_of(), before=[ROUTER]), ["after_solved"]),
        ("solved long ago", brief(last=spoken_of(on="2026-04-07"), before=[ROUTER]), []),
        ("solved today", brief(last=spoken_of(on="2026-07-07"), match=ask(by="email")), []),
        ("not solved", brief(last=spoken_of(outcome="open")), []),
        ("solved, and left unhappy", brief(last=spoken_of(tone="bad"), before=[ROUTER]), []),
        (
            "solved, and something is owed",
            brief(last=spoken_of(), before=[ROUTER], promises=[promise()]),
            ["overdue_promise"],
        ),
        ("solved, and nothing told of it", brief(last=spoken_of(restatement=None)), []),
        ("solved, and sad", brief(last=spoken_of(restatement=SAD)), []),
        (
            "solved, and its title hidden",
            brief(last=spoken_of(), before=[before("Request", hidden=True, tickets=["zendesk:5"])]),
            [],
        ),
        ("anniversary", brief(customer={"since": "2017-07-05"}), ["long_time_customer"]),
        ("anniversary to come", brief(customer={"since": "2017-07-08"}), []),
        ("anniversary past", brief(customer={"since": "2017-06-30"}), []),
        ("the first year", brief(customer={"since": "2025-07-07"}), []),
        ("new today", brief(customer={"since": "2026-07-07", "contacts": 1}), ["ask_to_note"]),
        ("in touch today", brief(last=last(on="2026-07-07", outcome="open")), ["ask_to_note"]),
        (
            "new, in a ticket",
            brief(customer={"contacts": 1}, match=ask(by="ticket")),
            [],
        ),
        (
            "two at most, the most needed",
            brief(
                promises=[promise()],
                missed=[missed()],
                last=last(on="2024-01-01"),
                customer={"since": "2017-07-07", "contacts": 1},
            ),
            ["overdue_promise", "missed_calls"],
        ),
    ],
)
def test_what_is_spoken_of(life: str, made: Brief, answer: list[str]) -> None:
    """One table of lives: which situations, in order."""
    assert situations(made) == answer, life


def test_long_and_lately_are_the_constants() -> None:
    """A day more is back after long; a day more is too late to ask how it has worked."""
    for days, expected in (
        (LONG_DAYS + 1, ["back_after_long"]),
        (LONG_DAYS, []),
        (FOLLOWED_UP_DAYS, ["after_solved"]),
        (FOLLOWED_UP_DAYS + 1, []),
        (1, ["after_solved"]),
    ):
        made = brief(last=spoken_of(on=(TODAY - timedelta(days=days)).isoformat()))
        assert situations(made) == expected, days


def _every_sentence(made: Brief, situation: str) -> set[str]:
    """What one hears of a situation in as many contacts as there are sentences."""
    assert made["customer"] is not None
    heard = []
    for contact in range(2, 2 + len(packaged().sentences[situation])):
        made["customer"]["contacts"] = contact
        heard.append(said(made)[situation])
    return set(heard)


def test_facts_are_said_as_people_say_them() -> None:
    """A day without its year, a name, a count, a title in quotation marks."""
    late = _every_sentence(brief(promises=[promise("Call back.")]), "overdue_promise")
    assert any("5 July, and that" in one for one in late)
    assert any("on our list for you: call back." in one for one in late)
    vague = _every_sentence(brief(promises=[promise("Something to send")]), "overdue_promise")
    assert not any("on our list" in one for one in vague)
    assert any(one.startswith("Daniel Osei made you") for one in late)
    rang = _every_sentence(brief(missed=[missed(), missed()]), "missed_calls")
    assert any("You called twice" in one for one in rang)
    solved = _every_sentence(brief(last=spoken_of(), before=[ROUTER]), "after_solved")
    assert any("Last time it was about “Router drops”." in one for one in solved)
    away = _every_sentence(brief(last=last(on="2024-03-02")), "back_after_long")
    assert any("March 2024" in one for one in away)
    years = _every_sentence(brief(customer={"since": "2017-07-07"}), "long_time_customer")
    assert all("9 years" in one for one in years)


@pytest.mark.parametrize(
    "title",
    [
        "Call from +1 212 555 0101",
        "{{ticket.title}}",
        "mail mara@example.com",
        "#8831",
        "o/b to cx, acct xfer done",
        "Order 123456789",
        "one two three four five six seven eight nine",
        "https://example.com/x",
        SAD,
    ],
)
def test_what_nobody_says_aloud_is_left_out(title: str) -> None:
    """Numbers, addresses, marks and long titles: another sentence is said, without the title."""
    every = _every_sentence(brief(promises=[promise(title)]), "overdue_promise")
    assert not any("on our list for you" in one for one in every)
    assert len(every) == len(packaged().sentences["overdue_promise"]) - 1


def test_the_matter_is_named_where_it_can_be() -> None:
    """One of the sentences that name it; else one of those that need not."""
    named = _every_sentence(brief(last=spoken_of(), before=[ROUTER]), "after_solved")
    assert len(named) >= 5
    assert all("“Router drops”" in one for one in named)
    odd = before("Case 8831-55501", tickets=["zendesk:5"])
    plain = _every_sentence(brief(last=spoken_of(), before=[odd]), "after_solved")
    assert len(plain) >= 5
    assert not any("“" in one for one in plain)


def test_nobody_hears_the_same_sentence_twice_running() -> None:
    """Each contact moves on to the next; the same contact says the same; people differ."""
    made = brief(missed=[missed()])
    assert made["customer"] is not None
    heard = []
    for contact in range(1, 30):
        made["customer"]["contacts"] = contact
        heard.append(said(made)["missed_calls"])
        assert said(made)["missed_calls"] == heard[-1]
    free = [one for one in packaged().sentences["missed_calls"] if not slots(one)]
    assert all(len(set(heard[at : at + len(free)])) == len(free) for at in range(20))
    others = {
        said(brief(missed=[missed()], customer={"ref": f"zendesk:{one}"}))["missed_calls"]
        for one in range(40)
    }
    assert len(others) == len(free)


def test_a_resource_is_offered_where_a_title_holds_its_words() -> None:
    """Of what is open, or of the last issue; whole words only, and nothing hidden."""
    wording = replace(packaged(), resources=(MOVING,))
    [text] = said(brief(open=[open_ticket(title="Moving: new line")]), wording).values()
    assert "“Moving house, step by step”" in text
    assert text.endswith(" (https://help.example.com/m)")
    moved = before("Moving day", tickets=["zendesk:5"])
    assert "resource" in situations(brief(last=spoken_of(), before=[moved]), wording=wording)
    for title, more in (("Removing a line", {}), ("Moving", {"hidden": True})):
        assert situations(brief(open=[open_ticket(title=title, **more)]), wording=wording) == []


def test_every_situation_has_five_plain_sentences() -> None:
    """Short, without a private word, and five of them that need no fact which may be missing."""
    always = {"long_time_customer": {"years"}, "resource": {"name"}}
    assert packaged().sentences.keys() == SLOTS.keys()
    for situation, sentences in packaged().sentences.items():
        assert len(set(sentences)) == len(sentences)
        assert all(slots(one) <= SLOTS[situation] for one in sentences)
        assert not any(policy.sensitive_words(one) for one in sentences), situation
        assert all(len(one.split()) <= 22 for one in sentences), situation
        sure = [one for one in sentences if slots(one) <= always.get(situation, set())]
        assert len(sure) >= 5, situation


def test_what_may_be_said_stands_last_and_gives_way_first() -> None:
    """In the first view it takes only the place that is left; in full it is always there."""
    say = [{"situation": "after_solved", "text": "How has it worked since?"}]
    assert [str(one) for one in lines_of(brief(suggestions=say))] == [
        "Mara Lindqvist · since 2017",
        'Say: "How has it worked since?"',
    ]
    long = brief(suggestions=say, open=[open_ticket(title="w " * 28) for _ in range(3)])
    assert [one.section for one in lines_of(long)] == ["name", "open", "open", "open"]
    assert lines_of(long, full=True)[-1].section == "suggestions"


_SENTENCE = st.sampled_from(
    ["Router drops", SAD, "{name}", "{when} {x}", "a}", "Call +12125550101"]
)
_OUTCOMES = ["one", "one", "one", "several", "none", "hidden"]


@st.composite
def _any_brief(draw: st.DrawFn) -> Brief:
    """Briefs of any fullness, with titles that are sensitive or look like templates."""
    made = draw(random_briefs())
    made["match"] = ask(draw(st.sampled_from(_OUTCOMES)), draw(st.sampled_from(["phone", "email"])))  # type: ignore[typeddict-item]
    for entry in (*made["open"], *made["before"], *made["promises"]):
        entry["title"] = draw(_SENTENCE)
    if made["last"] is not None:
        made["last"]["restatement"] = draw(st.none() | _SENTENCE)
        made["last"]["on"] = draw(st.sampled_from(["2024-02-29", "2026-06-29", "2026-07-07"]))
    if made["customer"] is not None:
        made["customer"]["since"] = draw(st.sampled_from(["2016-02-29", "2020-07-07"]))
        made["customer"]["contacts"] = draw(st.integers(0, 50))
    return made


_HOUSE = replace(packaged(), resources=(replace(MOVING, words=("router",)),))


@settings(max_examples=50)
@given(_any_brief())
def test_whatever_the_brief_a_few_clean_sentences(made: Brief) -> None:
    """Never more than two, no slot left, no private word, and nothing of the brief is changed."""
    whole = deepcopy(made)
    texts = list(said(made, _HOUSE).values())
    assert made == whole
    assert len(texts) <= MOST
    assert not any(set("{}\n") & set(text) for text in texts)
    assert not any(policy.sensitive_words(text) for text in texts)


@settings(max_examples=50)
@given(_any_brief())
def test_before_verification_no_fact_is_said(made: Brief) -> None:
    """A sentence as it stands in the list, of a situation that tells nothing, and at most one."""
    made["verified"] = False
    found = said(made, _HOUSE)
    assert len(found) <= 1
    assert found.keys() <= WITHOUT_FACTS
    for situation, text in found.items():
        assert text in packaged().sentences[situation]


@settings(max_examples=50)
@given(_any_brief())
def test_nothing_private_ever_chooses_a_sentence(made: Brief) -> None:
    """With cares, contexts and all that is hidden taken away, the very same is said."""
    found = said(made, _HOUSE)
    made["care"], made["context"], made["adjustments"], made["withheld"] = [], [], [], []
    made["open"] = [one for one in made["open"] if not one["hidden"]]
    made["promises"] = [one for one in made["promises"] if not one["hidden"]]
    assert said(made, _HOUSE) == found


def test_an_occasion_is_told_by_no_item() -> None:
    """To ask before noting is offered to somebody new alike, whatever they have told."""
    told = brief(
        customer={"contacts": 1},
        care=[item("bereavement", "x", said_days_ago=0)],
        context=[item("work", "y", said_days_ago=0)],
        you=you(),
    )
    assert said(told) == said(brief(customer={"contacts": 1}))
