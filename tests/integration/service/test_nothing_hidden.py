"""Whatever is asked in whatever order: nothing hidden is in an answer before it is revealed."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from connector.clock import ManualClock
from connector.service.app import create_app
from memory.entities import Call, Organization, Status
from memory.policy import SECTION_OF_KIND, SENSITIVE_KINDS
from tests.integration.service.calls import Asking, agent_of
from tests.support.book import AS_OF, Book, agent, ago, customer
from tests.support.service import context_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PEOPLE = {"100": "+12125550101", "101": "+12125550102", "102": "+12125550102"}
AGENTS = ("11", "12")


@dataclass
class Told:
    """What was told, each thing with a word of its own by which it is known in an answer.

    Attributes:
        hidden: Word to memory, of what is never shown unless that memory is revealed; None where
            nothing reveals it.
        veiled: Words of what is shown of verified callers alone.
        memories: Hidden memories by customer.
    """

    hidden: dict[str, str | None] = field(default_factory=dict)
    veiled: set[str] = field(default_factory=set)
    memories: dict[str, list[str]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(100))

    def word(self) -> str:
        """A word that stands nowhere else."""
        return f"zq{next(self._numbers)}x"


def _tell_of(book: Book, told: Told, who: str) -> None:
    """Fill one customer's history with everything that can be hidden, and what cannot."""
    first, second = f"{who}1", f"{who}2"
    late, plain = told.word(), told.word()
    solved = {"status": Status.SOLVED, "solved_at": ago(5)}
    book.ticket(first, who, at=ago(9), subject=f"Cancel my late husband's line {late}")
    book.ticket(second, who, at=ago(8), subject=f"Router drops {plain}", **solved)
    said, mended = told.word(), told.word()
    book.issue(
        second,
        f"Router drops {plain}",
        restatement=f"It drops {said}",
        resolution=f"I mended it {mended}",
        customer_id=who,
    )
    told.veiled |= {plain, said, mended}
    told.hidden[late] = None
    told.memories[who] = []
    for kind in SECTION_OF_KIND:
        _tell_one(book, told, who, kind)
    at = ago(0.2)
    grief = told.word()
    book.say(
        first,
        f"My mother died {grief}",
        author_id=who,
        at=at,
        call=Call("inbound", 1.0, missed=True),
    )
    told.hidden[grief] = None
    book.contact(first, "11", 40, at=at, customer_id=who, talks=3)
    book.say(first, "Hello", author_id="11", at=at, call=Call("inbound", 4.0, "11"))


def _tell_one(book: Book, told: Told, who: str, kind: str) -> None:
    """Something of a kind: hidden by its kind or its words, and the same without."""
    about: dict[str, Any] = {"ticket_id": f"{who}1", "customer_id": who, "by": who}
    word = told.word()
    if kind == "note":
        note_id = f"n{who}"
        with book.record.writing(book.account) as writer:
            for key, text, hidden in (
                (note_id, f"her sister has cancer {word}", True),
                (f"p{who}", f"likes {word}plain", False),
            ):
                writer.add_note(
                    note_id=key,
                    customer_id=who,
                    agent_id="11",
                    at=ago(1),
                    text=text,
                    sensitive=hidden,
                )
        told.hidden[f"cancer {word}"] = note_id
        told.veiled.add(f"{word}plain")
        told.memories[who].append(note_id)
        return
    words, more = f"My mother is dying of cancer {word}", dict[str, Any]()
    if kind == "access_need":
        words, more = f"I am deaf {word}, please speak slowly", {"code": "speak_slowly"}
    memory_id = book.told(kind, words, **about, **more)
    told.hidden[word] = memory_id
    told.memories[who].append(memory_id)
    if kind not in {*SENSITIVE_KINDS, "access_need", "contact_rule", "preference"}:
        shown = told.word()
        book.told(kind, f"Something else {shown}", **about)
        told.veiled.add(shown)


def _owed_to(book: Book, told: Told, who: str) -> None:
    """A promise and a thing to check that speak of what is sensitive."""
    about: dict[str, Any] = {"ticket_id": f"{who}1", "customer_id": who, "sensitive": True}
    promise, check = told.word(), told.word()
    memory_id = book.told(
        "promise", f"I will call after the funeral {promise}", by="11", code="call", **about
    )
    book.told("check", f"the clinic is {check}", by=who, code=check, **about)
    told.hidden |= {promise: memory_id, check: None}
    told.memories[who].append(memory_id)


@dataclass
class Desk:
    """A service, and two agents who ask it."""

    told: Told
    agents: dict[str, Asking]
    calls: Iterator[int] = field(default_factory=lambda: count(5000))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Three customers with all that can be told, of whom two share a number."""
    folder: Path = tmp_path_factory.mktemp("desk")
    book, told = Book(folder), Told()
    book.store(organizations=(Organization("o1", "Harbour Co-op"),))
    for who, phone in PEOPLE.items():
        book.people(customer(who, f"Customer {who}", phone=phone, organization_id="o1"))
    book.people(*(agent(one, f"Agent {one}", email=f"a{one}@acme.example") for one in AGENTS))
    for who in PEOPLE:
        _tell_of(book, told, who)
        _owed_to(book, told, who)
    clock = ManualClock(AS_OF)
    context = context_of(book, clock, folder)
    with TestClient(create_app(context)) as client:
        yield Desk(told, {one: agent_of(client, book, clock, one) for one in AGENTS})
    book.record.close()


_WHO = st.sampled_from(sorted(PEOPLE))
_AGENT = st.sampled_from(AGENTS)
_STEPS = st.one_of(
    st.tuples(st.just("brief"), _AGENT, _WHO),
    st.tuples(st.just("phone"), _AGENT, _WHO),
    st.tuples(st.just("ticket"), _AGENT, _WHO),
    st.tuples(st.just("verify"), _AGENT, _WHO),
    st.tuples(st.just("reveal"), _AGENT, _WHO),
    st.tuples(st.just("own"), _AGENT, _WHO),
)


def _ask(desk: Desk, call: str, what: str, who: str, asking: Asking) -> str:
    """One step that reveals nothing; the answers' text."""
    ref = f"zendesk:{who}"
    if what == "verify":
        return str(asking.post("/v1/verifications", ticket=call, customer=ref).text)
    if what == "phone":
        return str(asking.post("/v1/briefs", phone=PEOPLE[who]).text)
    if what == "ticket":
        return str(asking.post("/v1/briefs", ticket=f"{ref}1").text)
    if what == "brief":
        return str(asking.post("/v1/briefs", ticket=call, customer=ref).text)
    paths = ("/v1/agents/me/regulars", "/v1/agents/me/day", "/v1/agents/me/day?on=2026-06-28")
    found = asking.post("/v1/customers", words="customer")
    return "".join([found.text, *(asking.get(path).text for path in paths)])


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(_STEPS, min_size=1, max_size=12), data=st.data())
def test_nothing_hidden_is_in_an_answer_before_its_reveal(
    desk: Desk, steps: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    """And of who is not verified, by this agent in this call, nothing that waits for that."""
    told, call = desk.told, f"zendesk:{next(desk.calls)}"
    verified: set[tuple[str, str]] = set()
    for what, by, who in steps:
        asking = desk.agents[by]
        if what == "reveal":
            wanted = data.draw(st.sampled_from(told.memories[who]))
            answer = asking.post(
                f"/v1/memories/{wanted}/reveal", ticket=call, customer=f"zendesk:{who}"
            )
            assert answer.status_code == (200 if (by, who) in verified else 403)
            seen = {word for word in told.hidden if word in answer.text}
            assert {told.hidden[word] for word in seen} == ({wanted} if seen else set())
            assert bool(seen) == ((by, who) in verified)
            continue
        text = _ask(desk, call, what, who, asking)
        if what == "verify":
            verified.add((by, who))
        assert not [word for word in told.hidden if word in text]
        if what in {"phone", "ticket"} or (what == "brief" and (by, who) not in verified):
            assert not [word for word in told.veiled if word in text]


def test_what_waits_for_the_caller_to_be_verified_is_then_there(desk: Desk) -> None:
    """So that the test above has something to look for: every word is found where it may be."""
    told, call = desk.told, f"zendesk:{next(desk.calls)}"
    asking = desk.agents["11"]
    found = ""
    for who, memories in told.memories.items():
        of = {"ticket": call, "customer": f"zendesk:{who}"}
        asking.post("/v1/verifications", **of)
        brief = asking.post("/v1/briefs", **of).text
        assert not [word for word in told.hidden if word in brief]
        found += brief
        for memory_id in memories:
            found += asking.post(f"/v1/memories/{memory_id}/reveal", **of).text
    assert not [word for word in told.veiled if word not in found]
    assert not [word for word, key in told.hidden.items() if key and word not in found]
