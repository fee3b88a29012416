"""What is a promise of ours to this customer, and what only sounds like one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.remembering.promises import promise_in

SAID = datetime(2026, 7, 1, 14, 20, tzinfo=UTC)
"""A Wednesday."""


def promised(sentence: str, *, note: bool = False, then: date | None = None) -> str | None:
    """What a sentence promises, and for when: `call Fri 3`."""
    found = promise_in(sentence, SAID, UTC, by_note=note, then=then)
    if found is None:
        return None
    return found.what + (f" {found.due_on:%a} {found.due_on.day}" if found.due_on else "")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("I will call you back by Friday.", "call Fri 3"),
        ("I'll give you another ring on Monday.", "call Mon 6"),
        ("A colleague of mine will phone you tomorrow.", "call Thu 2"),
        ("I'll ask the depot and ring you on Monday.", "call Mon 6"),
        ("I’ll e-mail you the form today.", "send Wed 1"),  # noqa: RUF001 a printer's apostrophe
        ("We will ship the cup to you by July 17.", "send Fri 17"),
        ("A second set will be sent out to you on Monday.", "send Mon 6"),
        ("You'll have the list from me by Friday.", "send Fri 3"),
        ("We'll refund the second charge.", "refund"),
        ("We will take the fee off your next bill.", "refund"),
        ("Our fitter will come out to you next week.", "visit Fri 10"),
        ("An engineer will be with you on Thursday.", "visit Thu 2"),
        ("I'll find out and let you know by Monday.", "tell Mon 6"),
        ("I'm going to look at the logs tonight and get back to you on Friday.", "tell Fri 3"),
        ("I'll write to you as soon as they have answered.", "tell"),
        ("We will replace the lock for you on Tuesday.", "do Tue 7"),
        ("I'm calling you tomorrow.", "call Thu 2"),
    ],
)
def test_a_future_of_ours_with_the_customer_in_it_is_a_promise(
    sentence: str, expected: str
) -> None:
    """Active or passive, alone or behind what is done first; with its day where it has one."""
    assert promised(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("will cb fri", "call Fri 3"),
        ("cb mr liu mon 10am re: warranty", "call Mon 6"),
        ("I'm calling her back Thursday w/ outcome", "call Thu 2"),
        ("promised mrs sorensen a ring back tmrw", "call Thu 2"),
        ("promised her a refund by mon", "refund Mon 6"),
        ("told cust we send the points by end of mo", "send Fri 31"),
        ("I told her that we'd replace the screen on Friday", "do Fri 3"),
        ("chk w/ depot + tell cust by fri", "tell Fri 3"),
        ("will let him know once T2 has answered", "tell"),
    ],
)
def test_a_note_speaks_of_the_customer_as_somebody_else(sentence: str, expected: str) -> None:
    """Shorthand without a subject is the agent's own."""
    assert promised(sentence, note=True) == expected


def test_a_note_may_name_who_promised() -> None:
    """Then it is that colleague's promise."""
    found = promise_in("Eli Stone promised her a SIM by Monday", SAID, UTC, by_note=True)
    assert found is not None
    assert found.promised_by == "Eli Stone"


@pytest.mark.parametrize(
    "sentence",
    [
        "Shall I call you back tomorrow?",
        "I could ring you on Monday if that would help.",
        "If it breaks again, we will send you a new one.",
        "I can't promise that we will get it to you by Friday.",
        "We will not be sending you a technician on Monday.",
        "We would have refunded you by Friday.",
        "I promise you, the button is there.",
        "We will always do our best for you.",
        "Your bank will send you the money on Friday.",
        "Your plan will renew on July 9.",
        "I'll send you the link right now.",
        "I will now transfer you to billing.",
        "Please send us the form by Friday.",
        "See you on Saturday!",
        "You will receive a confirmation e-mail shortly.",
        "I'll be thinking of you on Friday!",
    ],
)
def test_look_alikes_are_no_promises(sentence: str) -> None:
    """Offers, conditions, refusals, figures of speech, other people's doings, things done now."""
    assert promised(sentence) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "cust will cb fri pm",
        "cx driving, will call back",
        "called cust back today as promised weds",
        "clr claims somebody promised him $50 by fri",
        "must finish merging these tickets by fri, will tag them tmrw",
        "@Eli can you call her back by friday?",
        "told her to try again on friday",
        "was promised a refund by mon",
        "showed her row 2, will ring again I think",
    ],
)
def test_a_note_of_other_peoples_doings_is_no_promise(sentence: str) -> None:
    """What the customer will do or says was promised, what was done, our own housekeeping."""
    assert promised(sentence, note=True) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "I'll ring you at three on Friday, if that suits you?",
        "Even if they have not answered, I will call you on Friday.",
        "I'll phone you on Friday to see if it has held.",
    ],
)
def test_an_if_that_changes_nothing_leaves_a_promise(sentence: str) -> None:
    """A polite question behind it, a condition that is none, a question in it."""
    assert promised(sentence) == "call Fri 3"


def test_then_is_the_day_that_was_spoken_of() -> None:
    """The day the customer named stands in for one of the agent's own."""
    assert promised("Of course, I'll call you then.", then=date(2026, 7, 9)) == "call Thu 9"
    assert promised("Of course, I'll call you then.") == "call"
    assert promised("I'll call you on Friday then.", then=date(2026, 7, 9)) == "call Fri 3"


_WORDS = st.sampled_from(
    [
        *("I", "will", "'ll", "you", "her", "cust", "call", "send", "the", "form", "to", "and"),
        *("promised", "refund", "back", "by", "Friday", ",", "?", "not", "\0", "if", "cb"),
    ]
)


@given(st.text() | st.lists(_WORDS, max_size=30).map(" ".join), st.booleans())
def test_any_words_are_a_promise_or_none(sentence: str, note: bool) -> None:  # noqa: FBT001 as hypothesis calls it
    """Nothing raises, and the same words give the same."""
    once = promise_in(sentence, SAID, UTC, by_note=note)
    assert promise_in(sentence, SAID, UTC, by_note=note) == once
