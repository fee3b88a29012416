"""Whose story a sentence tells."""

from __future__ import annotations

import pytest

from memory.remembering.relation import Relation, relation_of

CASES: list[tuple[str, str, Relation | None]] = [
    ("my husband has dementia", "health", "partner"),
    ("I have surgery on Thursday", "health", "self"),
    ("my surgery is next Thursday", "health", "self"),
    ("my sister's cancer is back", "health", "relative"),
    ("My wife told me my mother has dementia", "health", "parent"),
    ("My son is autistic", "health", "child"),
    ("He's on dialysis, my husband", "health", "partner"),
    ("My dog is having an operation", "health", "pet"),
    ("my friend's son has asthma", "health", "friend"),
    ("I was at a friend's funeral", "bereavement", "friend"),
    ("my dog died on Tuesday", "bereavement", "pet"),
    ("We lost our little boy last year", "bereavement", "child"),
    ("my wife's mother passed away", "bereavement", "relative"),
    ("the wake is tomorrow", "bereavement", None),
    ("I look after my mother full time", "family_care", "parent"),
    ("I'm raising my grandchildren", "family_care", "relative"),
    ("I'm a single dad with three kids", "family_care", "child"),
    ("going through a divorce", "family_care", None),
    ("My husband was laid off", "hardship", "partner"),
    ("I lost my job in January", "hardship", "self"),
    ("My wife is a surgeon", "work", "partner"),
    ("I write children's books", "work", "self"),
    ("My daughter got engaged", "life_event", "child"),
    ("I'm getting married in June", "life_event", "self"),
    ("My mother doesn't hear well", "access_need", "parent"),
    ("I'm deaf", "access_need", "self"),
    ("I love hiking with my kids", "interest", "self"),
    ("call me Ted", "preference", "self"),
]

NOTES: list[tuple[str, str, Relation | None]] = [
    ("cx hubby passed 2 wks ago, be gentle", "bereavement", "partner"),
    ("mum passed, cx keeping number", "bereavement", "parent"),
    ("dtr has epilepsy", "health", "child"),
    ("knee surgery nxt thurs", "health", "self"),
    ("cx told me about her own diagnosis", "health", "self"),
    ("clr's partner in ICU", "health", "partner"),
    ("deaf, pls email", "access_need", "self"),
    ("hubby laid off, one income", "hardship", "partner"),
    ("lonely, likes a chat", "feeling", "self"),
]


@pytest.mark.parametrize(("sentence", "kind", "relation"), CASES)
def test_the_owner_of_what_a_customer_tells(
    sentence: str, kind: str, relation: Relation | None
) -> None:
    """The nearest person the matter can belong to, or nobody."""
    assert relation_of(sentence, kind) == relation


@pytest.mark.parametrize(("note", "kind", "relation"), NOTES)
def test_the_owner_in_an_agents_note(note: str, kind: str, relation: Relation | None) -> None:
    """A note is about the customer unless it names somebody of theirs."""
    assert relation_of(note, kind, "agent") == relation
