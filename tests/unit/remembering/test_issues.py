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


def _ticket(subject: str, status: str) -> SimpleNamespace:
    return SimpleNamespace(id="1", requester_id="100", subject=subject, status=status)


def issue(subject: str, *turns: Turn, status: str = "solved") -> Issue | None:
    """The issue of ticket 1."""
    return issue_of(_ticket(subject, status), turns)


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
    """What an agent said so far is not how it ended, and kept as an answer."""
    found = issue("Router", turn("I have sent a new one.", Role.AGENT), status="open")
    assert "resolution" not in parts(found)
    assert parts(found)["answer"] == "I have sent a new one."
    assert found is not None
    assert found.outcome == "open"


def test_two_more_sentences_are_details() -> None:
    """They tell which thing it is about; the first that says something restates the issue."""
    found = issue(
        "Lift",
        turn("Hi all. It's back. The lift stands still once more. Orchard Row. Since six. Why?"),
    )
    assert found is not None
    assert [(one.part, one.quote) for one in found.evidence] == [
        ("title", "Lift"),
        ("restatement", "The lift stands still once more."),
        ("detail", "It's back."),
        ("detail", "Orchard Row."),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "No hot water in the shower.",
        "Is there a crib for that week?",
        "This is the third router that fails.",
        "Is my plan in the bill?",
    ],
)
def test_a_short_sentence_may_say_it_all(words: str) -> None:
    """It only begins like small talk."""
    assert parts(issue("", turn(words)))["restatement"] == words


@pytest.mark.parametrize(
    "words",
    [
        "Is Daniel there please?",
        "Is Daniel Osei in today?",
        "No, that's all for now.",
        "Yes please.",
    ],
)
def test_small_talk_says_nothing(words: str) -> None:
    """However many words it takes."""
    assert issue("", turn(words)) is None


def test_what_is_embedded_is_what_was_said() -> None:
    """Behind the speaker's role, then how it ended, and last a title that was written for it."""
    said = turn("The router drops the line every evening.")
    reply = turn("I have sent a new one.", Role.AGENT)
    embedded = "customer: The router drops the line every evening. I have sent a new one"
    for subject, text in (
        ("Router", f"{embedded}. Router"),
        ("", embedded),
        ("Re: your invoice", embedded),
    ):
        found = issue(subject, said, reply)
        assert found is not None
        assert found.text == text
    alone = issue("Re: your invoice")
    assert alone is not None
    assert alone.text == "customer: Re: your invoice"


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


def test_another_customers_words_are_no_part_of_it() -> None:
    """Who was copied in says something too; the issue is the requester's."""
    stranger = Turn("1", "m9", "200", Role.CUSTOMER, True, ago(3), 0, "My cellar floods every May.")
    found = issue("Question", stranger, turn("The blue lamp blinks all night."))
    assert found is not None
    assert "cellar" not in found.text
    assert "blue lamp" in found.text
    alone = issue("Question", stranger)
    assert alone is not None
    assert "cellar" in alone.text


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("Thank you so much, you've been so patient with me.", "pleased"),
        ("You're a star.", "pleased"),
        ("This is unacceptable.", "displeased"),
        ("I'm not happy with this at all.", "displeased"),
        ("Thanks a lot, worst service ever.", "displeased"),
        ("Thanks, bye.", None),
        ("Okay, until Friday then.", None),
    ],
)
def test_how_somebody_left_is_kept_in_their_words(words: str, part: str | None) -> None:
    """Courtesy says nothing of it; displeasure outweighs thanks."""
    found = issue("Router", turn("My router drops the line."), turn(words))
    left = {one: quote for one, quote in parts(found).items() if one in {"pleased", "displeased"}}
    assert left == ({part: words} if part else {})


def test_only_the_last_words_say_how_somebody_left() -> None:
    """Who was angry at first may leave content."""
    found = issue(
        "Router",
        turn("This is ridiculous, it drops again."),
        turn("I have replaced it.", Role.AGENT),
        turn("It holds now."),
        turn("Until next time."),
    )
    assert "displeased" not in parts(found)


def test_how_somebody_left_does_not_make_issues_alike() -> None:
    """What is embedded is the problem, not the mood."""
    calm = issue("Router", turn("My router drops the line."))
    angry = issue("Router", turn("My router drops the line."), turn("This is unacceptable."))
    assert calm is not None
    assert angry is not None
    assert angry.text == calm.text
