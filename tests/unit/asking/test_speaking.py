"""Whose words a question asks for."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from memory.asking.speaking import as_embedded, asked_of

PEOPLE = [
    SimpleNamespace(id="100", name="Mara Lindqvist", role="customer"),
    SimpleNamespace(id="101", name="Ellen Park", role="customer"),
    SimpleNamespace(id="11", name="Daniel Osei", role="agent"),
    SimpleNamespace(id="12", name=None, role="agent"),
]


@pytest.mark.parametrize(
    ("query", "voice"),
    [
        ("When did Mara go sailing?", "customer"),
        ("what is MARA'S dog called", "customer"),
        ("What did Daniel promise her?", "agent"),
        ("what did we tell about the refund", "agent"),
        ("where does she work", "customer"),
        ("Was haben wir versprochen?", "agent"),
        ("What did Daniel tell Mara?", None),
        ("what did we tell her", None),
        ("Ellen's dog", None),
        ("router keeps dropping", None),
        ("", None),
    ],
)
def test_a_question_may_say_whose_words_it_asks_for(query: str, voice: str | None) -> None:
    """By name, or by a small word where nobody is named; both sides together say nothing."""
    assert asked_of(query, PEOPLE, "100") == voice


@pytest.mark.parametrize(
    ("query", "embedded"),
    [
        ("When did Mara go sailing?", "customer: When did go sailing?"),
        ("What is Mara's dog called?", "customer: What is dog called?"),
        ("What did Daniel tell Mara?", "What did tell ?"),
        ("what did we promise", "agent: what did we promise"),
        ("router keeps dropping", "router keeps dropping"),
        ("Mara Lindqvist", "customer: Mara Lindqvist"),
    ],
)
def test_a_question_is_embedded_as_sentences_are(query: str, embedded: str) -> None:
    """Behind a role, without names; a name alone stays what is asked for."""
    assert as_embedded(query, PEOPLE, "100") == embedded
