"""What a ticket was about and how it ended, in words that stand in it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from memory.entities import Role
from memory.remembering.issues import LONGEST_TITLE, Issue, issue_of
from memory.remembering.turns import Turn
from tests.support.book import ago


def turn(text: str, role: Role = Role.CUSTOMER, *, public: bool = True) -> Turn:
    """Something said on ticket 1."""
    speaker = "100" if role is Role.CUSTOMER else "11"
    return Turn("1", f"m{abs(hash(text))}", speaker, role, public, ago(3), 0, text)


def issue(subject: str, *turns: Turn, status: str = "solved") -> Issue | None:
    """The issue of ticket 1."""
    return issue_of(SimpleNamespace(id="1", subject=subject, status=status), turns)


def parts(found: Issue | None) -> dict[str, str]:
    """An issue's words by part."""
    return {} if found is None else {one.part: one.quote for one in found.evidence}


def test_an_issue_is_titled_by_its_subject() -> None:
    """And says what it was in the customer's words, and how it ended in the agent's."""
    found = issue(
        "Roaming bill too high",
        turn("Hello there. My roaming bill is twice what you said."),
        turn("Thanks for calling. I have refunded the difference today.", Role.AGENT),
    )
    assert parts(found) == {
        "title": "Roaming bill too high",
        "restatement": "My roaming bill is twice what you said.",
        "resolution": "I have refunded the difference today.",
    }
    assert found is not None
    assert found.outcome == "solved"


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "Phone call from +1 212 555 0101",
        "Incoming phone call from Mara",
        "Voicemail from: Mara",
        "Conversation with Mara",
        "+12125550101",
        "(no subject)",
        "Re: ",
    ],
)
def test_a_subject_that_says_nothing_gives_way_to_the_customers_words(subject: str) -> None:
    """Telephone systems name tickets after numbers."""
    found = issue(subject, turn("Good morning. The router drops the line every evening."))
    assert parts(found)["title"] == "The router drops the line every evening."


def test_an_open_ticket_has_no_resolution() -> None:
    """What an agent said so far is not how it ended."""
    found = issue("Router", turn("I have sent a new one.", Role.AGENT), status="open")
    assert "resolution" not in parts(found)
    assert found is not None
    assert found.outcome == "open"


def test_greetings_and_asking_for_somebody_are_not_what_it_was_about() -> None:
    """The first sentence that says something is."""
    found = issue(
        "Call from Mara",
        turn("Hello, good morning to you all. May I speak to Daniel Osei, please?"),
        turn("My new SIM does not register."),
    )
    assert parts(found)["restatement"] == "My new SIM does not register."


def test_words_that_are_chosen_speak_of_nothing_sensitive() -> None:
    """A sentence about a death is not what an agent says back."""
    found = issue(
        "Cancel a line",
        turn("My husband died in May after a long illness. Please cancel his line this week."),
    )
    assert parts(found)["restatement"] == "Please cancel his line this week."


def test_a_call_known_from_notes_alone_is_told_by_the_note() -> None:
    """For phone calls the agent's note is often all there is."""
    found = issue("", turn("acct in his name, needs xfer to hers", Role.AGENT, public=False))
    assert parts(found)["title"] == "acct in his name, needs xfer to hers"


def test_a_ticket_without_words_has_no_issue() -> None:
    """Nothing is made up."""
    assert issue("Phone call from +12125550101") is None


def test_a_long_title_is_cut_at_a_word_and_stands_in_its_message() -> None:
    """No ellipsis is stored: the words stay a quote."""
    words = "The technician who came on Tuesday took the old meter away and " * 3
    found = issue("", turn(words))
    title = parts(found)["title"]
    assert len(title) <= LONGEST_TITLE
    assert words.startswith(title)
    assert words[len(title)] == " "
