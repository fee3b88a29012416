"""Which tickets are about one problem, and which came though it had been solved."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.asking.recurring import LATEST, IssueText, back_of, groups_of
from memory.text.vectors import to_bytes

FIRST = date(2026, 3, 2)
NEAR, FARTHER, FAR = 0.7, 0.47, 0.1
"""Cosines with the ticket before: alike, alike if something else says so, of another subject."""


def at_cosine(cosine: float) -> bytes:
    """A vector that has this cosine with that of `BOILER`."""
    return to_bytes(np.array([cosine, math.sqrt(1 - cosine * cosine)]))


def ticket(words: str, cosine: float = NEAR, *, days: int = 30, **more: Any) -> IssueText:
    """A ticket that came so many days after the first one."""
    told = {"title": "", "reply": "", "status": "solved", **more}
    return IssueText(
        words=words, vector=at_cosine(cosine), day=FIRST + timedelta(days=days), **told
    )


BOILER = ticket("The boiler gives no heat at all.", 1.0, days=0)


@pytest.mark.parametrize(
    ("told", "words", "cosine", "more"),
    [
        ("in other words", "It is stone cold in here, every radiator.", NEAR, {}),
        ("again", "Heating off again.", FARTHER, {}),
        ("as the same", "Same thing as last week, please ring.", FAR, {}),
        ("once more after two years", "The boiler is cold again.", NEAR, {"days": 700}),
        ("with praise", "The boiler is quick, but there is still no heat.", FARTHER, {}),
        ("as a complaint that nobody mends it", "Nobody manages to mend the boiler.", NEAR, {}),
    ],
)
def test_the_same_thing_and_the_same_complaint_are_one_problem(
    told: str, words: str, cosine: float, more: dict[str, Any]
) -> None:
    """However it is told; who says that it came back needs less likeness."""
    assert groups_of([BOILER, ticket(words, cosine, **more)]) == [[0, 1]], told


@pytest.mark.parametrize(
    ("told", "words", "cosine", "more"),
    [
        ("another matter", "The lift is stuck.", FAR, {}),
        ("another matter, again", "The lift is stuck again.", FAR, {}),
        ("something not quite like it", "The hot water is brown.", FARTHER, {}),
        ("long after, without a word of before", "There is no heat.", NEAR - 0.05, {"days": 700}),
        ("what is well but for it", "The boiler is fine, but the meter still runs.", FARTHER, {}),
        ("a wish", "Could you service the boiler in May?", NEAR, {}),
        ("thanks", "Thank you, the boiler works fine.", NEAR, {}),
        ("something else, said so", "Not the boiler again, it is the sink.", NEAR, {}),
    ],
)
def test_another_thing_or_another_matter_is_another_problem(
    told: str, words: str, cosine: float, more: dict[str, Any]
) -> None:
    """A subject in common is not enough."""
    assert groups_of([BOILER, ticket(words, cosine, **more)]) == [[0], [1]], told


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("My order 5512 never came.", "My order 5790 is late."),
        ("The machine at Elm Street leaks.", "The one at Harbor Road leaks."),
        ("I lost Noor's pass. The pass of Noor is lost.", "The pass of Sami is lost."),
    ],
)
def test_another_number_or_name_is_another_thing(first: str, second: str) -> None:
    """Two orders are two problems, two cafes have two machines."""
    one = ticket(first, 1.0, days=0)
    assert groups_of([one, ticket(second)]) == [[0], [1]]
    assert groups_of([one, ticket(first)]) == [[0, 1]]


def test_a_ticket_joins_the_problem_it_is_most_like() -> None:
    """Two problems that both come back are kept apart."""
    lift = ticket("The lift is stuck.", FAR, days=5)
    again = [ticket("The lift stands still again.", 0.15), ticket("No heat again.", 0.95)]
    assert groups_of([BOILER, lift, *again]) == [[0, 3], [1, 2]]


def test_of_tickets_without_words_the_title_tells() -> None:
    """The same title is the same problem where nothing else is known and it names something."""
    titles = ("Roaming bill", "ROAMING bill", "Question", "question")
    known = [IssueText(one, "", "", None, FIRST, "solved") for one in titles]
    assert groups_of(known) == [[0, 1], [2], [3]]


def test_without_vectors_words_alone_prove_nothing() -> None:
    """A ticket that is not remembered yet stands alone."""
    told = [IssueText("No heat", "No heat.", "", None, FIRST, "open")] * 2
    assert groups_of(told) == [[0], [1]]


def test_the_oldest_of_very_many_tickets_stand_alone() -> None:
    """So that the brief of someone with a thousand tickets is there in time."""
    groups = groups_of([BOILER] * (LATEST + 2))
    assert groups == [[0], [1], [*range(2, LATEST + 2)]]


@given(st.lists(st.tuples(st.text(max_size=40), st.floats(-1, 1)), max_size=12))
def test_every_ticket_is_in_one_group(told: list[tuple[str, float]]) -> None:
    """Whatever is told: nothing is lost, nothing is counted twice, and oldest come first."""
    groups = groups_of([ticket(words, cosine, days=n) for n, (words, cosine) in enumerate(told)])
    assert sorted(place for group in groups for place in group) == list(range(len(told)))
    assert all(group == sorted(group) for group in groups)


@pytest.mark.parametrize(
    ("told", "first", "later", "back"),
    [
        ("solved", {}, "No heat again.", True),
        ("solved later than the second came", {"solved_on": date(2026, 5, 1)}, "No heat.", False),
        ("still open", {"status": "open"}, "No heat again.", False),
        ("open, but called fixed", {"status": "open", "reply": "Fixed today."}, "No heat.", True),
        ("closed as a duplicate", {"reply": "Closing this as a duplicate."}, "No heat.", False),
        ("not answered before the second came", {}, "I have heard nothing yet.", False),
    ],
)
def test_a_ticket_is_back_when_its_problem_had_been_called_solved(
    told: str, first: dict[str, Any], later: str, *, back: bool
) -> None:
    """A chaser is not back, and a duplicate solves nothing."""
    issues = [ticket("The boiler gives no heat.", 1.0, days=0, **first), ticket(later)]
    assert back_of(issues, [[0, 1]]) == ([1] if back else []), told
    assert back_of(issues, [[0], [1]]) == []
