"""Whatever a program asks the memory of one account, nothing of another's is in the answer."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from memory.errors import RememberError
from memory.face import Memory
from tests.isolation.right import OF_MEMORY, WHOM
from tests.isolation.two import MARK, OWN, asking, told

if TYPE_CHECKING:
    from tests.isolation.two import Two

NOT_ASKED = {
    "open": "it opens another memory: tests/integration/asking/test_face.py",
    "close": "there is nothing to answer",
    "remember": "it loads the model: tests/integration/remembering/test_remember.py",
}
"""What is not asked here, and why not."""

PUBLIC = sorted(
    name
    for name, _ in inspect.getmembers(Memory, callable)
    if not name.startswith("_") and name not in NOT_ASKED
)


def _arguments(name: str, known: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Arguments of a method: all it needs, and some of what it may take."""
    drawn = asking(known)
    ways: dict[str, st.SearchStrategy[Any]] = {}
    maybe: dict[str, st.SearchStrategy[Any]] = {}
    for one in list(inspect.signature(getattr(Memory, name)).parameters.values())[1:]:
        assert one.name in drawn, f"say in two.py what {one.name} of Memory.{name} may be"
        (ways if one.default is one.empty else maybe)[one.name] = drawn[one.name]
    whom = [key for key in WHOM if key in maybe]
    if len(whom) > 1:  # exactly one of them is to be given
        rest = {key: value for key, value in maybe.items() if key not in whom}
        return st.sampled_from(whom).flatmap(
            lambda way: st.fixed_dictionaries({**ways, way: drawn[way]}, optional=rest)
        )
    return st.fixed_dictionaries(ways, optional=maybe)


@pytest.mark.parametrize("name", PUBLIC)
def test_nothing_of_another_account_is_in_an_answer(two: Two, name: str) -> None:
    """By whatever refs, ids, numbers, names and rings it is asked; nor is it changed."""
    two.forgetting_is_complete()
    before, answered = two.rows_of_other(), []

    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(_arguments(name, two.memory_ids()))
    def ask(arguments: dict[str, Any]) -> None:
        two.clock.advance(1)
        try:
            answer = getattr(two.memory, name)(**arguments)
            answered.append(answer)
        except RememberError as error:
            answer = error.problem()
        if name == "status":  # a data folder's: of each account there is in it
            answer = [one for one in answer["accounts"] if one["account"] == OWN]
        assert MARK not in told(answer, *arguments.values())

    for right in OF_MEMORY:  # what is right is seldom drawn
        if right.operation == name:
            ask = example(right.asked)(ask)
    ask()
    assert answered, "what is always refused proves nothing"
    assert two.rows_of_other() == before


def test_each_way_of_asking_is_answered_for_the_own_account(two: Two) -> None:
    """Every function, by each that it may name somebody by; and with words where there are any."""
    two.forgetting_is_complete()
    before = two.rows_of_other()
    for name, asked, shows in OF_MEMORY:
        two.clock.advance(1)
        answer = getattr(two.memory, name)(**asked)
        assert name == "status" or MARK not in told(answer, *asked.values()), (name, asked)
        assert not shows or "alpha" in str(answer), (name, asked)
    assert two.rows_of_other() == before


@pytest.mark.parametrize("name", PUBLIC)
def test_no_way_of_asking_is_left_out(name: str) -> None:
    """A function that is new, or may name somebody in another way, is asked in it, too."""
    rights = [one.asked for one in OF_MEMORY if one.operation == name]
    assert rights
    for way in set(WHOM) & set(inspect.signature(getattr(Memory, name)).parameters):
        assert any(way in asked for asked in rights), way
