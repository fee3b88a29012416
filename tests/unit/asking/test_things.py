"""What was told more than once is one thing; what has changed since is history."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from memory.asking.things import former_of, thing_with, things_of
from tests.support.book import ago


def told(kind: str, words: str, days: int, **more: Any) -> Any:
    """A memory that many days old."""
    row = {"relation": "self", "code": None, "said_at": ago(days), **more}
    return SimpleNamespace(id=f"{kind}-{days}", kind=kind, words=words, **row)


def evidence(rows: list[Any]) -> dict[str, list[Any]]:
    """The words of each."""
    return {row.id: [SimpleNamespace(quote=row.words)] for row in rows}


def shown(rows: list[Any]) -> list[list[str]]:
    """The words that tell each thing, oldest first."""
    return [[row.words for row in one.told] for one in things_of(rows, evidence(rows))]


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
