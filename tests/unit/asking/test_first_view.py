"""The first view is readable in ten seconds: at most 90 words, at most 40 on top."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from hypothesis import example, given

from memory.asking.first_view import first_view_length, mark_first_view
from memory.asking.limits import MOST_WORDS, MOST_WORDS_ON_TOP, TOP_LINES
from memory.asking.lines import lines_of
from memory.asking.phrases import count_words
from tests.unit.asking.briefs import (
    before,
    brief,
    check,
    item,
    last,
    open_ticket,
    preferred,
    random_briefs,
    you,
)

if TYPE_CHECKING:
    from memory.asking.document import Brief

SECTIONS = ("adjustments", "care", "context", "open", "before", "promises", "check")


def _printed(made: Brief) -> list[str]:
    return [str(line) for line in lines_of(made, longest=first_view_length(made))]


def _shown(made: Brief) -> dict[str, int]:
    sections: Any = made
    return {one: sum(entry["first_view"] for entry in sections[one]) for one in SECTIONS}


def test_the_limits_are_the_designs() -> None:
    """40 words in the name line and the top three, 90 in all (design: 2)."""
    assert (MOST_WORDS, MOST_WORDS_ON_TOP, TOP_LINES) == (90, 40, 4)


@given(random_briefs())
@example(
    brief(
        customer={"name": "w " * 100, "organization": "w " * 100},
        last=last(agent="w " * 100, restatement="w " * 100),
        preferred_agent=preferred("w " * 100),
    )
)
def test_no_first_view_is_ever_too_long(made: Brief) -> None:
    """Whatever there is to say, and however long names, titles and quotes are."""
    mark_first_view(made)
    counts = [count_words(line) for line in _printed(made)]
    assert sum(counts) <= MOST_WORDS
    assert sum(counts[:TOP_LINES]) <= MOST_WORDS_ON_TOP


@given(random_briefs())
def test_marking_changes_nothing_but_the_marks_and_is_stable(made: Brief) -> None:
    """Marking again gives the same; every entry of the document is still there."""
    bare = deepcopy(made)
    mark_first_view(made)
    once = deepcopy(made)
    mark_first_view(made)
    assert made == once
    sections: Any = made
    for section in SECTIONS:
        for entry in (*sections[section], *bare[section]):  # type: ignore[literal-required]
            entry.pop("first_view")
    assert made == bare


def test_a_short_brief_is_shown_whole() -> None:
    """Nothing is left out and no word shortened where everything fits."""
    made = brief(
        adjustments=[item("access_need", "please speak slowly")],
        care=[item("bereavement", relation="friend")],
        open=[open_ticket()],
        before=[before()],
        check=[check()],
        you=you(),
    )
    mark_first_view(made)
    assert all(_shown(made)[one] == len(made[one]) for one in SECTIONS)  # type: ignore[literal-required]
    assert "…" not in "".join(_printed(made))


def test_of_a_long_list_the_first_are_shown() -> None:
    """Even where there were room for more: a list is not read while the phone rings."""
    made = brief(
        open=[open_ticket(number, "x") for number in range(9)],
        before=[before("x", times=1) for _ in range(9)],
        check=[check() for _ in range(9)],
    )
    mark_first_view(made)
    assert _shown(made) == {
        **dict.fromkeys(SECTIONS, 0),
        "open": 3,
        "before": 3,
        "check": 2,
    }
    assert [one["first_view"] for one in made["open"]] == [True] * 3 + [False] * 6


def test_what_matters_least_goes_first() -> None:
    """Things to check, then earlier issues; what is open and what is owed to the person stays."""
    long = "one two three four five six seven eight nine ten"
    made = brief(
        adjustments=[item("contact_rule", long)],
        care=[item("bereavement", relation="friend")],
        open=[open_ticket(n, long) for n in range(3)],
        before=[before(long) for _ in range(3)],
        check=[check() for _ in range(2)],
        preferred_agent=preferred(),
        you=you(last_about=long),
    )
    mark_first_view(made)
    shown = _shown(made)
    assert shown["adjustments"] == shown["care"] == 1
    assert shown["open"] == 3
    assert shown["before"] < 3
    assert shown["check"] == 0


def test_what_is_not_sure_is_one_click_away() -> None:
    """A likely loss is shown; what is half certain is not, and a wish has to be surer still."""
    made = brief(
        adjustments=[
            item(kind="access_need", confidence=0.5),
            item(kind="contact_rule", confidence=0.6),
        ],
        care=[item(kind="bereavement", confidence=0.5), item(kind="health", confidence=0.3)],
    )
    mark_first_view(made)
    assert [one["first_view"] for one in made["adjustments"]] == [True, False]
    assert [one["first_view"] for one in made["care"]] == [True, False]
