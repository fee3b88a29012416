"""Requests for an agent by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.remembering.requests import AgentNames

AGENTS = AgentNames(
    [
        ("1", "Daniel Osei"),
        ("2", "Priya Raman"),
        ("3", "Tom Becker"),
        ("4", "Will Grant"),
        ("5", "Sofia Marin"),
        ("6", "Sofía Keller"),
        ("7", "Thomas Ito"),
        ("8", "Jean-Luc Moreau"),
        ("9", "Grace"),
    ]
)

WANTED = [
    ("can I speak to Daniel again", "1"),
    ("Can I speak to Daniel please?", "1"),
    ("is Mr Osei in?", "1"),
    ("Is Ms. Raman available today?", "2"),
    ("only Priya please", "2"),
    ("Priya only, thanks", "2"),
    ("Priya please.", "2"),
    ("cx asked for Daniel", "1"),
    ("cx wants Daniel only", "1"),
    ("wants cb from Priya", "2"),
    ("req'd Priya", "2"),
    ("Could Priya call me back?", "2"),
    ("I'd rather talk to Daniel", "1"),
    ("i would prefer to deal with priya", "2"),
    ("Put me through to Priya, will you", "2"),
    ("please transfer me back to daniel osei", "1"),
    ("When is Priya back?", "2"),
    ("I'll wait for Daniel, I only deal with Daniel", "1"),
    ("please assign this to Priya", "2"),
    ("I was told to ask for Priya", "2"),
    ("Priya always helps me", "2"),
    ("my usual agent is Daniel", "1"),
    ("I'm looking for Daniel", "1"),
    ("can i have Daniel on the phone", "1"),
    ("is Dan around today", "1"),
    ("Could I talk to Danny?", "1"),
    ("I'd like to speak with Preya", "2"),
    ("May I speak to Dneiel?", None),
    ("Can I speak to Will?", "4"),
    ("Will you let me talk to Will?", "4"),
    ("Will please", "4"),
    ("Will you talk to me", None),
    ("Could you see if Daniel has a minute for me?", "1"),
    ("I'd be happier with Priya", "2"),
    ("please book me in with Tom", "3"),
    ("any chance of Priya ringing me", "2"),
    ("Can Priya give me a ring tomorrow", "2"),
    ("cx would like cb from Dan when he's in", "1"),
    ("Priya helped me and I would like to speak with her again", "2"),
    ("Hello, Priya please", "2"),
    ("Dear Daniel, please cancel my order", None),
    ("Hi Daniel, please send me the invoice again", None),
    ("Do you know if Daniel sent it?", None),
    ("Daniel asked whether they will come again", None),
    ("I'm booked in with Tom tomorrow", None),
    ("I had a call from Priya when I was out", None),
    ("Can I talk to Grace please", "9"),
    ("I want Sofia Keller", "6"),
    ("Could I have Priya for the second one as well?", "2"),
    ("Would Priya be able to ring me back?", "2"),
    ("Can I speak to Sofia?", "5 6"),
    ("can I speak to Tom", "3"),
    ("Can I speak to Thomas?", "7"),
    ("Could you connect me with Jean-Luc?", "8"),
    ("Can I speak to Daniel Smith?", None),
    ("¿Puedo hablar con Priya?", "2"),
    ("Kann ich bitte mit Herrn Osei sprechen?", "1"),
    ("Je voudrais parler à Priya", "2"),
    ("thanks Daniel", None),
    ("Thank you so much Priya!", None),
    ("I spoke to Daniel yesterday", None),
    ("Daniel told me it would arrive", None),
    ("Daniel is great", None),
    ("Hi Daniel, can I speak to billing?", None),
    ("my husband Daniel can't log in", None),
    ("I am Daniel", None),
    ("Daniel speaking", None),
    ("tell Daniel thanks", None),
    ("will you call me", None),
    ("can you grant me access", None),
    ("I don't need to speak to Daniel", None),
    ("Is Daniel your manager?", None),
    ("handed over by Daniel, see note", None),
    ("You asked whether I wanted Daniel, I don't mind", None),
    ("I don't care who, Daniel please or anyone", None),
    ("May I speak to someone about the visit in Grace, please", None),
    ("", None),
]

BY_ME = [
    ("cx asked for me again", "2"),
    ("Caller asked for me, took it between two others.", "2"),
    ("caller wants to talk to me only", "2"),
    ("req'd me by name", "2"),
    ("only deals with me", "2"),
    ("cx does not want to talk to me any more", "not:2"),
    ("anyone but me pls", "not:2"),
    ("cx asked me for a refund", None),
    ("she wants me to resend the label", None),
    ("asked for me to check the meter", None),
    ("they need someone to talk to me about it", None),
    ("cx called me", None),
    ("not for me", None),
]

UNWANTED = [
    ("anyone but Tom", "3"),
    ("anybody else except Daniel please", "1"),
    ("not Daniel again please", "1"),
    ("I don't want to speak to Daniel", "1"),
    ("do not transfer me to Daniel", "1"),
    ("please don't give me Priya", "2"),
    ("can't stand Daniel", "1"),
    ("cx refuses to speak to Tom", "3"),
    ("I'd rather not deal with Mr Osei", "1"),
    ("someone other than Priya", "2"),
    ("no more Tom please", "3"),
    ("keep Tom away from my case", "3"),
    ("cualquiera menos Daniel", "1"),
    ("nur nicht Daniel", "1"),
    ("n'importe qui sauf Daniel", "1"),
    ("otra persona que no sea Daniel", "1"),
    ("Bitte nicht wieder Herrn Osei", "1"),
    ("I don't mind who, just not Tom again", "3"),
    ("Please make sure it's not Tom who calls", "3"),
    ("I'd prefer someone else than Tom", "3"),
    ("I want Tom off my case", "3"),
]


@pytest.mark.parametrize(("sentence", "agent"), WANTED)
def test_who_is_asked_for(sentence: str, agent: str | None) -> None:
    """A request finds its agent; thanks, stories and strangers find nobody."""
    assert [one.code for one in AGENTS.find(sentence)] == ([agent] if agent else [])
    assert all(one.wanted for one in AGENTS.find(sentence))


@pytest.mark.parametrize(("sentence", "agent"), UNWANTED)
def test_who_is_not_wanted(sentence: str, agent: str) -> None:
    """A negation is kept as one."""
    assert [one.code for one in AGENTS.find(sentence)] == [f"not:{agent}"]


@pytest.mark.parametrize(
    "sentence",
    ["I'd like Priya instead of Daniel", "Priya, not Daniel", "Priya rather than Daniel"],
)
def test_one_instead_of_another(sentence: str) -> None:
    """Two names in one sentence are told apart."""
    assert {one.code for one in AGENTS.find(sentence)} == {"2", "not:1"}


def test_a_name_that_two_share_names_both() -> None:
    """Who is meant is for the customer's history to say; who is named so outranks a short form."""
    assert [one.agent_ids for one in AGENTS.find("anyone but Sofia")] == [("5", "6")]
    assert [one.agent_ids for one in AGENTS.find("can I speak to Tom")] == [("3",)]


@pytest.mark.parametrize(("sentence", "wanted"), BY_ME)
def test_an_agents_note_speaks_of_its_author_as_me(sentence: str, wanted: str | None) -> None:
    """Only a note: a customer's "asked for me" is the customer's own."""
    assert [one.code for one in AGENTS.find(sentence, me="2")] == ([wanted] if wanted else [])
    assert AGENTS.find(sentence) == []


def test_an_exact_name_is_surer_than_a_nickname_or_a_misspelling() -> None:
    """Confidence falls from the full name to a name with a letter wrong."""
    sentences = [f"Can I speak to {name}?" for name in ("Daniel Osei", "Daniel", "Danny", "Danial")]
    sure = [AGENTS.find(sentence)[0].confidence for sentence in sentences]
    assert sure == sorted(sure, reverse=True)
    assert len(set(sure)) == len(sure)


def test_no_agents_no_requests() -> None:
    """An account without named agents finds nothing and does not fail."""
    assert AgentNames([]).find("can I speak to Daniel?") == []


@given(st.text())
def test_any_sentence_can_be_read(sentence: str) -> None:
    """Whatever is said, the answer names known agents only."""
    found = AGENTS.find(sentence, me="9")
    assert {agent for one in found for agent in one.agent_ids} <= set("123456789")
