"""Whom a customer would rather speak to: asked for by name first, then time spent together."""

from __future__ import annotations

from datetime import UTC
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.asking.preferred import HALF_LIFE_DAYS, History, preferred_agent
from memory.asking.view import View
from memory.record import Account
from tests.support.book import AS_OF, ago

ACCOUNT = Account(1, "zendesk:acme", "https://acme.zendesk.com", b"", None, None)
VIEW = View(ACCOUNT, AS_OF, UTC)


def _agent(name: str, *, role: str = "agent", active: bool = True, declined: bool = False) -> Any:
    return SimpleNamespace(name=name, role=role, active=active, declined=declined)


AGENTS = {
    "11": _agent("Daniel"),
    "12": _agent("Eli"),
    "13": _agent("Gone", active=False),
    "14": _agent("Now a customer", role="customer"),
    "15": _agent("Rather not", declined=True),
}


def asked(code: str, ticket_id: str = "1", days: float = 10) -> Any:
    """The customer asked for that agent, or with `not:` for anybody else."""
    return SimpleNamespace(code=code, ticket_id=ticket_id, said_at=ago(days))


def talked(agent_id: str, minutes: float, talks: int = 2, days: float = 10) -> Any:
    """The customer spoke with that agent."""
    return SimpleNamespace(agent_id=agent_id, minutes=minutes, talks=talks, at=ago(days))


def rated(agent_id: str | None, score: str = "good", ticket_id: str = "1", days: float = 10) -> Any:
    """The customer rated a ticket that was that agent's."""
    told = {"agent_id": agent_id, "score": score, "ticket_id": ticket_id, "at": ago(days)}
    return SimpleNamespace(id=f"{ticket_id}-{days}", **told)


def solved(agent_id: str | None, status: str = "solved", days: float = 10) -> Any:
    """That agent's ticket was solved."""
    return SimpleNamespace(assignee_id=agent_id, status=status, solved_at=ago(days))


def _preferred(*rows: Any, you: str | None = None) -> Any:
    history = History(
        requests=[row for row in rows if hasattr(row, "code")],
        contacts=[row for row in rows if hasattr(row, "minutes")],
        ratings=[row for row in rows if hasattr(row, "score")],
        tickets=[row for row in rows if hasattr(row, "assignee_id")],
        agents=AGENTS,
    )
    return preferred_agent(VIEW, history, you)


@pytest.mark.parametrize(
    ("life", "rows", "answer"),
    [
        ("nothing", [], None),
        ("asked once", [asked("11")], ("zendesk:11", "asked_by_name", 1, 1)),
        (
            "asked twice in one ticket asks once",
            [asked("11", "1"), asked("11", "1", days=9)],
            ("zendesk:11", "asked_by_name", 1, 1),
        ),
        (
            "asked for the other more often",
            [asked("11", "1"), asked("12", "2"), asked("12", "3")],
            ("zendesk:12", "asked_by_name", 2, 3),
        ),
        (
            "asking outranks any time",
            [asked("12"), talked("11", 900, talks=20)],
            ("zendesk:12", "asked_by_name", 1, 1),
        ),
        (
            "asked a year ago to the day",
            [asked("12", days=365), talked("11", 90)],
            ("zendesk:12", "asked_by_name", 1, 1),
        ),
        (
            "asked more than a year ago",
            [asked("12", days=366), talked("11", 90)],
            ("zendesk:11", "contact_time", 2, 2),
        ),
        ("asked for one who left", [asked("13")], None),
        (
            "asked for one who left, and for one who is here",
            [asked("13", "1"), asked("13", "2"), asked("12", "3")],
            ("zendesk:12", "asked_by_name", 1, 3),
        ),
        ("asked for one who is no agent", [asked("14")], None),
        ("asked for one nobody knows", [asked("99")], None),
        ("asked not to have them", [asked("not:11"), talked("11", 90)], None),
        ("asked for, and not to have", [asked("11"), asked("not:11", "2")], None),
        (
            "asked not to have, and later for",
            [asked("not:11", "1", 90), asked("11", "2", 3)],
            ("zendesk:11", "asked_by_name", 1, 1),
        ),
        (
            "not wanting one says nothing of another",
            [asked("not:11"), asked("12", "2")],
            ("zendesk:12", "asked_by_name", 1, 1),
        ),
        ("most time", [talked("11", 60), talked("12", 20)], ("zendesk:11", "contact_time", 2, 4)),
        ("one talk is no habit", [talked("11", 60, talks=1)], None),
        ("less than half the time", [talked("11", 40), talked("12", 30), talked("13", 35)], None),
        ("most time with one who left", [talked("13", 90), talked("11", 20)], None),
        ("talks without minutes", [talked("11", 0.0)], None),
        (
            "recent time weighs more",
            [talked("11", 100, days=2 * HALF_LIFE_DAYS), talked("12", 30, days=0)],
            ("zendesk:12", "contact_time", 2, 4),
        ),
        (
            "a half-life halves",
            [talked("11", 100, days=HALF_LIFE_DAYS), talked("12", 49, days=0)],
            ("zendesk:11", "contact_time", 2, 4),
        ),
        ("half the time is not most of it", [talked("11", 30), talked("12", 30)], None),
        (
            "as often each, the later stands",
            [asked("12", "1", 20), asked("11", "2", 90)],
            ("zendesk:12", "asked_by_name", 1, 2),
        ),
        (
            "a refusal does not wear off",
            [asked("not:11", days=800), talked("11", 90)],
            None,
        ),
        ("asked for one who declined", [asked("15")], None),
        (
            "a name that two share, one of whom they know",
            [talked("12", 1, talks=1, days=20), asked("11 12")],
            ("zendesk:12", "asked_by_name", 1, 1),
        ),
        ("a name that two share, both strangers", [asked("11 12")], None),
        (
            "a name that two share, met only afterwards",
            [asked("11 12"), talked("12", 1, talks=1, days=3)],
            None,
        ),
        (
            "a name that two share, both known",
            [talked("12", 1, 1, days=20), talked("11", 1, 1, days=20), asked("11 12")],
            None,
        ),
        (
            "not the one of two whom they know",
            [talked("12", 90, days=20), asked("not:11 12")],
            None,
        ),
        (
            "two good ratings",
            [rated("11"), rated("11", "good", "2")],
            ("zendesk:11", "rated", 2, 2),
        ),
        (
            "everybody's ratings count in what it is of",
            [
                rated("11"),
                rated("11", "good", "2"),
                rated("12", "bad", "3"),
                rated(None, "good", "4"),
            ],
            ("zendesk:11", "rated", 2, 4),
        ),
        ("one good rating", [rated("11")], None),
        (
            "a bad one spoils it",
            [rated("11"), rated("11", "good", "2"), rated("11", "bad", "3")],
            None,
        ),
        (
            "a rating that was changed is what it was changed to",
            [rated("11", "bad", days=9), rated("11", days=8), rated("11", "good", "2")],
            ("zendesk:11", "rated", 2, 2),
        ),
        ("rated well, and declined", [rated("15"), rated("15", "good", "2")], None),
        (
            "most time outranks ratings",
            [talked("12", 30), rated("11"), rated("11", "good", "2")],
            ("zendesk:12", "contact_time", 2, 2),
        ),
        (
            "solved most",
            [solved("11"), solved("11", "closed"), solved("12"), solved("12", "open")],
            ("zendesk:11", "solved", 2, 3),
        ),
        ("solved one", [solved("11")], None),
        ("solved half", [solved("11"), solved("11"), solved("12"), solved("12")], None),
        ("solved by nobody in particular", [solved(None), solved(None)], None),
        ("solved by one who left", [solved("13"), solved("13")], None),
        ("solved after the day it is", [solved("11"), solved("11", days=-3)], None),
        (
            "ratings outrank what was solved",
            [rated("12"), rated("12", "good", "2"), solved("11"), solved("11")],
            ("zendesk:12", "rated", 2, 2),
        ),
    ],
)
def test_who_is_preferred_and_why(life: str, rows: list[Any], answer: Any) -> None:
    """One table of lives: whom, by what reason, how many times of how many."""
    found = _preferred(*rows)
    if answer is None:
        assert found is None
    else:
        reason = found["reason"]
        assert (found["agent"]["ref"], reason["code"], reason["times"], reason["of"]) == answer


def test_the_answer_has_the_keys_of_the_document() -> None:
    """Names stand beside refs; whoever asks is told when it is them."""
    assert _preferred(asked("11"), you="11") == {
        "agent": {"ref": "zendesk:11", "name": "Daniel"},
        "reason": {"code": "asked_by_name", "times": 1, "of": 1},
        "confidence": 0.75,
        "is_you": True,
    }
    assert _preferred(asked("11"), you="12")["is_you"] is False


def test_confidence_grows_with_asking_and_falls_with_doubt() -> None:
    """Twice is surer than once; asking for another as well is less sure."""
    once = _preferred(asked("11"))["confidence"]
    twice = _preferred(asked("11"), asked("11", "2"))["confidence"]
    torn = _preferred(asked("11"), asked("11", "2"), asked("12", "3"))["confidence"]
    assert twice > once
    assert twice > torn


def test_a_tie_is_decided_the_same_way_each_time() -> None:
    """The order in which rows are read decides nothing."""
    rows = [asked("11", "1"), asked("12", "2"), asked("11", "3"), asked("12", "4")]
    assert len({_preferred(*order)["agent"]["ref"] for order in permutations(rows)}) == 1
    rows = [rated("11", "good", "1"), rated("12", "good", "2")]
    rows += [rated("11", "good", "3"), rated("12", "good", "4")]
    assert len({_preferred(*order)["agent"]["ref"] for order in permutations(rows)}) == 1


@given(
    st.lists(
        st.one_of(
            st.builds(
                asked,
                st.sampled_from(["11", "12", "13", "14", "15", "not:11", "not:12"]),
                st.sampled_from("123"),
                st.integers(0, 800),
            ),
            st.builds(
                talked,
                st.sampled_from(["11", "12", "13"]),
                st.floats(0, 500),
                st.integers(1, 5),
                st.integers(0, 800),
            ),
            st.builds(
                rated,
                st.sampled_from(["11", "12", "13", "15", None]),
                st.sampled_from(["good", "bad"]),
                st.sampled_from("1234"),
                st.integers(0, 800),
            ),
            st.builds(solved, st.sampled_from(["11", "12", "13", "15", None])),
        )
    )
)
def test_nobody_who_left_or_is_unwanted_is_ever_preferred(rows: list[Any]) -> None:
    """Whatever was said and done; and confidence is a share."""
    found = _preferred(*rows)
    if found is not None:
        who = found["agent"]["ref"].removeprefix("zendesk:")
        assert who in {"11", "12"}
        said = [row for row in rows if getattr(row, "code", "").removeprefix("not:") == who]
        if said:
            latest = max(row.said_at for row in said)
            assert f"not:{who}" not in {row.code for row in said if row.said_at == latest}
        assert 0 < found["confidence"] <= 1
        assert 1 <= found["reason"]["times"] <= found["reason"]["of"]
