"""What was told more than once is one thing; what has changed since is history."""

from __future__ import annotations

import math
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from memory.asking.things import former_of, thing_with, things_of
from memory.text.vectors import to_bytes
from tests.support.book import ago


def told(kind: str, words: str, days: int, **more: Any) -> Any:
    """A memory that many days old."""
    row = {"relation": "self", "code": None, "said_at": ago(days), "about_on": None, **more}
    by = row.pop("by", "customer")
    return SimpleNamespace(id=f"{kind}-{days}", kind=kind, words=words, by=by, **row)


def evidence(rows: list[Any]) -> dict[str, list[Any]]:
    """The words of each."""
    return {row.id: [SimpleNamespace(quote=row.words, role=row.by)] for row in rows}


def shown(rows: list[Any], **angles: float) -> list[list[str]]:
    """The words that tell each thing, oldest first.

    Args:
        rows: Oldest first.
        angles: Where each memory's vector points, in degrees, by id with `_`; all of them or none.
    """
    meanings = {
        "-".join(key.rsplit("_", 1)): to_bytes(np.array([math.cos(a), math.sin(a)]))
        for key, a in ((key, math.radians(degrees)) for key, degrees in angles.items())
    }
    found = things_of(rows, evidence(rows), meanings)
    return [[row.words for row in one.told] for one in found]


def test_the_same_fact_told_three_times_is_one_thing() -> None:
    """In other words too, as long as it is told in enough of the same ones."""
    rows = [
        told("interest", "I love sailing", 30),
        told("interest", "We love sailing on the lake", 20),
        told("interest", "I bake bread every Sunday", 10),
        told("interest", "You know I love to sail", 3),
    ]
    assert shown(rows) == [
        ["I love sailing", "We love sailing on the lake", "You know I love to sail"],
        ["I bake bread every Sunday"],
    ]


BIRDS = (
    told("interest", "I go birdwatching most weekends", 30),
    told("interest", "I'm a keen birder", 20),
    told("interest", "Every free hour I watch birds", 3),
)


def test_a_hobby_told_in_other_words_is_one_thing() -> None:
    """Where the words begin alike and mean alike; the last telling may join the two before it."""
    words = [row.words for row in BIRDS]
    assert shown([*BIRDS]) == [[one] for one in words]
    assert shown([*BIRDS], interest_30=0, interest_20=66, interest_3=33) == [words]


def test_one_who_tells_of_two_hobbies_at_once_does_not_make_them_one() -> None:
    """All tellings of a thing are alike, on average."""
    rows = [
        told("interest", "I knit", 30),
        told("interest", "Salsa is my life", 20),
        told("interest", "Salsa on Mondays, and Fridays I knit", 3),
    ]
    knits, dances, both = (row.words for row in rows)
    angles = {"interest_30": 0, "interest_20": 84, "interest_3": 47}
    assert shown(rows, **angles) == [[knits], [dances, both]]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("interest", "I have two cats", "My dogs bark"),
        ("interest", "My dog Bruno is nine", "The new dog is called Pip"),
        ("interest", "I love sailing", "I love my parrot"),
        ("interest", "I bake on Sundays", "Sundays are for the choir"),
        ("preference", "I like tea", "I like teabags"),
        ("life_event", "Our daughter was born", "Now my niece has been born, too"),
    ],
)
def test_to_mean_alike_is_not_enough(kind: str, one: str, other: str) -> None:
    """Another animal, another wish, another birth are other things."""
    rows = [told(kind, one, 30), told(kind, other, 3)]
    assert shown(rows, **{f"{kind}_30": 0, f"{kind}_3": 30}) == [[one], [other]]


TENTH = date(2026, 7, 10)


@pytest.mark.parametrize(
    ("noted", "angle"),
    [("Garden wedding on the 10th", 80), ("daughter gets hitched fri", 50), ("Marries fri", 50)],
)
def test_what_was_told_and_what_was_noted_of_it_is_one_thing(noted: str, angle: float) -> None:
    """On the same day, by a word or by its meaning."""
    rows = [
        told("life_event", "My girl marries in the garden", 9, relation="child", about_on=TENTH),
        told("life_event", noted, 8, by="agent", about_on=TENTH),
    ]
    assert shown(rows, life_event_9=0, life_event_8=angle) == [[rows[0].words, noted]]


@pytest.mark.parametrize(
    ("case", "words", "angle", "more"),
    [
        ("another day", "Garden wedding", 0, {"about_on": date(2026, 7, 11)}),
        ("no day", "Garden wedding", 0, {"about_on": None}),
        ("the same person", "We are in the garden", 0, {"by": "customer"}),
        ("somebody else", "Garden wedding", 0, {"relation": "friend"}),
        ("nothing alike but the day", "Graduates on the 10th", 80, {}),
    ],
)
def test_of_one_day_two_things_may_be_told(
    case: str, words: str, angle: float, more: dict[str, Any]
) -> None:
    """By one person, of two others, or alike in nothing but the day."""
    note = {"by": "agent", "about_on": TENTH, "relation": "child", **more}
    rows = [
        told("life_event", "My girl marries in the garden", 9, relation="child", about_on=TENTH),
        told("life_event", words, 8, **note),
    ]
    assert shown(rows, life_event_9=0, life_event_8=angle) == [[rows[0].words], [words]], case


def test_a_care_is_one_thing_for_each_person() -> None:
    """What was said of a partner is not said of oneself."""
    rows = [
        told("health", "My husband has dementia", 30, relation="partner"),
        told("health", "I was diagnosed last week", 20),
        told("health", "My husband forgets more now", 10, relation="partner"),
    ]
    assert [len(one) for one in shown(rows)] == [2, 1]


def test_who_recovered_is_no_longer_ill() -> None:
    """Until something new is told."""
    rows = [
        told("health", "My knee is being operated on", 90),
        told("health", "I have fully recovered", 20, code="over"),
    ]
    assert shown(rows) == [[]]
    assert former_of(rows, evidence(rows)) == {"health-90", "health-20"}
    rows.append(told("health", "Now it is my hip", 2))
    assert shown(rows) == [["Now it is my hip"]]


def test_who_moved_again_lives_elsewhere() -> None:
    """The last of the turns a life has taken stands; the earlier ones are history."""
    rows = [
        told("life_event", "We moved to Portland", 400, code="moved"),
        told("life_event", "I have married", 300),
        told("life_event", "We moved to Boise in spring", 20, code="moved"),
    ]
    assert shown(rows) == [["We moved to Boise in spring"], ["I have married"]]
    assert former_of(rows, evidence(rows)) == {"life_event-400"}


def test_needs_are_things_of_their_own() -> None:
    """Large print and slow speech are two, however often each was asked for."""
    rows = [
        told("access_need", "Please speak slowly", 30, code="speak_slowly"),
        told("access_need", "Large print please", 20, code="large_print"),
        told("access_need", "Slowly please", 10, code="speak_slowly"),
    ]
    assert shown(rows) == [["Please speak slowly", "Slowly please"], ["Large print please"]]


def test_how_a_name_is_said_is_no_preference_to_list() -> None:
    """It stands beside the name."""
    assert shown([told("preference", "It's MAH-ra", 3, code="MAH-ra")]) == []


def test_a_correction_is_of_all_that_told_it_before() -> None:
    """What was told later was not known to be wrong."""
    rows = [
        told("interest", "I love sailing", 30),
        told("interest", "I do love sailing", 20),
        told("interest", "Still sailing, love it", 10),
    ]
    found = thing_with(rows[1], rows, evidence(rows))
    assert [row.id for row in found] == ["interest-30", "interest-20"]


def test_a_correction_takes_what_was_history_with_it() -> None:
    """Who has left Boise does not live in Portland again."""
    rows = [
        told("life_event", "We moved to Portland", 400, code="moved"),
        told("life_event", "We moved to Boise", 20, code="moved"),
    ]
    found = thing_with(rows[1], rows, evidence(rows))
    assert [row.id for row in found] == ["life_event-400", "life_event-20"]
