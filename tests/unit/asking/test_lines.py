"""The printed brief, word for word."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.asking.first_view import first_view_length, mark_first_view
from memory.asking.lines import lines_of
from memory.asking.phrases import (
    ago,
    count_words,
    items_words,
    kind_words,
    lasting,
    promise_words,
    rhythm_words,
    short_day,
    shorten,
)
from memory.policy import SECTION_OF_KIND
from tests.unit.asking.briefs import (
    before,
    brief,
    check,
    item,
    last,
    open_ticket,
    preferred,
    promise,
    random_briefs,
    you,
)


def _text(made: Any, **how: Any) -> str:
    return "\n".join(str(line) for line in lines_of(made, **how))


def test_the_worked_example_of_the_design() -> None:
    """A verified caller everybody knows, as of 7 July."""
    made = brief(
        customer={"pronunciation": "MAH-ra", "rhythm": {"every_days": 7, "weekday": None}},
        adjustments=[item("access_need", "please speak slowly")],
        care=[item("bereavement", relation="friend")],
        context=[item("interest", "I love sailing")],
        you=you(),
        open=[open_ticket()],
        before=[before()],
        preferred_agent=preferred(),
        check=[check("spelling of the street")],
    )
    mark_first_view(made)
    assert _text(made, longest=first_view_length(made)).splitlines() == [
        "Mara Lindqvist · say MAH-ra · since 2017 · calls about weekly",
        "Please: “please speak slowly”",
        "Care: loss of a friend, told us 8 days ago",
        "Told us: “I love sailing”",
        "You: 6 talks. Last 29 Jun, 97 min, roaming plan",
        "Open: #8831 Roaming refund, 9 days",
        "Before: Roaming bill too high, 3 times since 2 Mar",
        "Rather speaks to: Daniel Osei, asked for by name twice",
        "Check: spelling of the street",
    ]


def test_a_promise_says_what_was_promised_and_how_it_stands() -> None:
    """By when, where there is a day; late by days, or kept; and whether its words are hidden."""
    today = date(2026, 7, 7)
    told: list[Any] = [
        promise(),
        promise(overdue_days=1),
        promise(state="open", overdue_days=0, due_on=None),
        promise(state="kept", overdue_days=0, hidden=True),
    ]
    assert [promise_words(one, today, 9) for one in told] == [
        "call back by 5 Jul, 2 days late",
        "call back by 5 Jul, 1 day late",
        "call back",
        "call back by 5 Jul (private), kept",
    ]


def test_an_unverified_caller() -> None:
    """Care is a count; titles are neutral; nothing else is said of the person."""
    made = brief(
        verified=False,
        adjustments=[item("contact_rule", "do not ring the landline")],
        you=you(last_about=None),
        open=[open_ticket(title="Refund", hidden=True)],
        preferred_agent=preferred(
            is_you=True, reason={"code": "contact_time", "times": 6, "of": 9}
        ),
        withheld=[
            {"kind": "bereavement", "count": 1, "why": "unverified"},
            {"kind": "health", "count": 1, "why": "unverified"},
            {"kind": "interest", "count": 3, "why": "unverified"},
            {"kind": "hardship", "count": 1, "why": "policy"},
        ],
    )
    assert _text(made).splitlines() == [
        "Mara Lindqvist · since 2017",
        "Please: “do not ring the landline”",
        "Care: 2 personal matters, once verified",
        "You: 6 talks. Last 29 Jun, 97 min",
        "Open: #8831 Refund, 9 days",
        "Rather speaks to: you, 6 of 9 talks",
    ]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("asked_by_name", "asked for by name twice"),
        ("contact_time", "2 of 3 talks"),
        ("rated", "rated well twice"),
        ("solved", "solved 2 of 3"),
    ],
)
def test_why_an_agent_is_preferred(code: str, words: str) -> None:
    """Every reason has its words."""
    made = brief(preferred_agent=preferred(reason={"code": code, "times": 2, "of": 3}))
    assert _text(made).splitlines()[1] == f"Rather speaks to: Daniel Osei, {words}"


def test_a_customer_another_agent_spoke_with_last() -> None:
    """Where the asking agent shares nothing with the caller, the last contact stands instead."""
    made = brief(customer={"name": None, "organization": "Harbour"}, last=last())
    assert _text(made).splitlines() == [
        "zendesk:100 · Harbour · since 2017",
        "Last: 29 Jun, voice, 12 min, with Eli Stone, “My bill is far too high”",
    ]
    made = brief(last=last(minutes=0.4, agent=None, restatement=None, on="2025-12-31"))
    assert _text(made).splitlines()[1:] == ["Last: 31 Dec 2025, voice"]


@pytest.mark.parametrize(
    ("outcome", "lines"),
    [
        ("hidden", ["The number is hidden; nobody can be recognised by it."]),
        ("none", ["Nobody known by that."]),
        (
            "several",
            [
                "2 people share this number. Ask who it is.",
                "zendesk:101: Ellen · Harbour Co-op · last contact 2026-07-04",
                "zendesk:102: zendesk:102",
            ],
        ),
    ],
)
def test_when_it_is_not_one_person(outcome: str, lines: list[str]) -> None:
    """The lines say why there is no brief, and whom to ask for."""
    nobody = {"name": None, "organization": None, "last_contact_on": None}
    ellen = {"name": "Ellen", "organization": "Harbour Co-op", "last_contact_on": "2026-07-04"}
    candidates = [{"ref": "zendesk:101", **ellen}, {"ref": "zendesk:102", **nobody}]
    match: Any = {"by": "phone", "value": "x", "outcome": outcome}
    match |= {"candidates": candidates if outcome == "several" else []}
    assert _text(brief(customer=None, match=match)).splitlines() == lines


def test_the_full_brief_shows_what_the_first_view_left_out() -> None:
    """And says what is withheld and why."""
    made = brief(
        context=[item("interest", "I love sailing", first_view=False)],
        open=[open_ticket(first_view=False)],
        before=[before(times=1, hidden=True, title="Cancellation", first_view=False)],
        check=[check(first_view=False)],
        withheld=[{"kind": "never_kept", "count": 2, "why": "never_kept"}],
    )
    assert len(lines_of(made)) == 1
    assert _text(made, full=True).splitlines()[1:5] == [
        "Told us: “I love sailing”",
        "Open: #8831 Roaming refund, 9 days",
        "Before: Cancellation (private), 2 Jun",
        "Check: street",
    ]
    (withheld,) = [line for line in lines_of(made, full=True) if line.section == "withheld"]
    assert "2" in withheld.text
    assert withheld.text.endswith("not stored")


def test_a_hidden_title_says_that_it_is_private_to_who_may_know() -> None:
    """Until verified every title is neutral, so that the word would say nothing."""
    made = brief(open=[open_ticket(title="Cancellation", hidden=True)])
    assert "Open: #8831 Cancellation (private), 9 days" in _text(made)


@given(random_briefs())
def test_no_word_of_a_hidden_item_is_ever_printed(made: Any) -> None:
    """An item without a quote is a kind, a relation and an age, and lines are never empty."""
    for line in lines_of(made, full=True):
        assert line.text.strip()
        assert "None" not in str(line)
        assert "\n" not in str(line)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        *((-3, "today"), (0, "today"), (1, "yesterday"), (2, "2 days ago"), (13, "13 days ago")),
        *((14, "2 weeks ago"), (59, "8 weeks ago"), (60, "2 months ago"), (729, "24 months ago")),
        *((730, "2 years ago"), (4000, "10 years ago")),
    ],
)
def test_how_long_ago(days: int, words: str) -> None:
    """In the largest unit of which there are at least two."""
    assert ago(days) == words


def test_how_long_something_lasts() -> None:
    """In days, as promises are counted."""
    assert [lasting(days) for days in (-1, 0, 1, 9)] == [
        *("since today", "since today", "1 day", "9 days")
    ]


@pytest.mark.parametrize(
    ("every", "weekday", "words"),
    [
        (1, None, "calls about daily"),
        (6, None, "calls about weekly"),
        (7, 2, "calls about weekly, Tuesdays"),
        (8, 7, "calls about weekly, Sundays"),
        (10, None, "calls about every 10 days"),
        (14, 1, "calls about every two weeks, Mondays"),
        (30, None, "calls about monthly"),
        (45, None, "calls about monthly"),
    ],
)
def test_how_regularly(every: int, weekday: int | None, words: str) -> None:
    """As an agent would say it."""
    assert rhythm_words({"every_days": every, "weekday": weekday}) == words


def test_a_day_says_its_year_only_when_it_is_another() -> None:
    """Month names are short, days without zeros."""
    today = date(2026, 7, 7)
    assert short_day("2026-03-02", today) == "2 Mar"
    assert short_day("2025-12-31", today) == "31 Dec 2025"


def test_every_kind_that_is_shown_has_words_of_its_own() -> None:
    """Never the code of a program in front of an agent."""
    for kind in (*SECTION_OF_KIND, "issue", "promise", "check", "never_kept"):
        assert kind_words(kind) != kind.replace("_", " "), kind
        assert "_" not in kind_words(kind, "friend")
    assert kind_words("bereavement", "friend") == "loss of a friend"
    assert kind_words("bereavement", "self") == "a loss"


def test_items_in_words() -> None:
    """A quote where it may be shown, shortened where there is no room; else kind and age."""
    today = date(2026, 7, 7)
    shown: Any = item("interest", "I love sailing at dawn")
    assert items_words([shown], 3, today) == "“I love sailing …”"
    hidden: Any = item("health", relation="partner", said_days_ago=1)
    assert items_words([hidden], 3, today) == "the health of their partner, told us yesterday"
    both = "the health of their partner, yesterday; “I love sailing at dawn”"
    assert items_words([hidden, shown], 9, today) == both


@pytest.mark.parametrize(
    ("about_on", "words"),
    [
        ("2026-07-09", "their health, 9 Jul, in 2 days"),
        ("2026-07-08", "their health, tomorrow"),
        ("2026-07-07", "their health, today"),
        ("2026-07-06", "their health, 6 Jul, yesterday"),
        ("2026-07-02", "their health, 2 Jul, 5 days ago"),
    ],
)
def test_a_day_that_was_ahead_reads_as_passed_when_it_is(about_on: str, words: str) -> None:
    """The day itself is said, not the day on which it was told."""
    hidden: Any = item("health", about_on=about_on)
    assert items_words([hidden], 9, date(2026, 7, 7)) == words


def test_the_day_of_words_that_may_be_shown_stands_beside_them() -> None:
    """Whoever reads it in another week cannot tell which "Saturday" it was."""
    shown: Any = item("life_event", "We marry on Saturday", about_on="2026-07-04")
    words = "“We marry on Saturday” (4 Jul, 3 days ago)"
    assert items_words([shown], 9, date(2026, 7, 7)) == words


def test_words_are_what_holds_a_letter_or_digit() -> None:
    """Between spaces; dots and dashes alone are none."""
    assert count_words("Mara · since 2017 - “so” …") == 4
    assert count_words("") == 0


@given(st.text(), st.integers(0, 50))
def test_shortened_text_is_its_own_beginning(text: str, longest: int) -> None:
    """Never longer in words, never other words."""
    short = shorten(text, longest)
    assert len(short.removesuffix(" …").split()) <= max(longest, len(text.split()))
    assert count_words(short) <= count_words(text)
    if len(text.split()) <= longest:
        assert short == " ".join(text.split())
    else:
        assert text.split()[:longest] == short.split()[:longest]
        assert short.endswith("…")
