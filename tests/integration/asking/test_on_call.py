"""A call: the ring, the pick, the caller who is verified, and what is revealed of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from memory import Memory
from memory.errors import NotAllowedError, NotFoundError, UsageError
from memory.record import tables as t
from memory.record.verifications import LONGEST
from tests.support.book import AS_OF, Book, agent, ago, customer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from memory import policy
    from memory.asking.document import Brief

MARA, ELLEN, BO = "zendesk:100", "zendesk:101", "zendesk:102"
DANIEL, DANA = "zendesk:11", "zendesk:12"
PHONE, SHARED = "+12125550101", "+12125550102"


class Present:
    """The time, which goes on only when told."""

    def __init__(self) -> None:
        self.at = AS_OF

    def __call__(self) -> datetime:
        """The present."""
        return self.at


@pytest.fixture
def present() -> Present:
    """A Tuesday morning."""
    return Present()


@pytest.fixture
def told(book: Book) -> dict[str, str]:
    """Mara, who told us of much, and two who share a number; memory ids by kind."""
    book.people(
        customer(phone=PHONE, email="mara@example.com"),
        customer("101", "Ellen", phone=SHARED),
        customer("102", "Bo", phone=SHARED),
        agent(email="daniel@acme.example"),
        agent("12", "Dana", email="dana@acme.example"),
    )
    book.ticket("1")
    book.ticket("7", "101", at=ago(3))
    book.ticket("8", "102", at=ago(2))
    book.say("7", "Hello", author_id="101")
    book.say("8", "Hello", author_id="102")
    told = {
        "bereavement": book.told("bereavement", "My friend Ruth died", relation="friend"),
        "access_need": book.told(
            "access_need", "I am hard of hearing, please speak slowly", code="speak_slowly"
        ),
        "promise": book.told(
            "promise", "I will call you after the funeral", by="11", code="call", sensitive=True
        ),
        "contact_rule": book.told(
            "contact_rule",
            "Do not ring the landline",
            ticket_id="7",
            customer_id="101",
            by="101",
        ),
        "care_of_ellen": book.told(
            "health", "I have a bad heart", ticket_id="7", customer_id="101", by="101"
        ),
    }
    book.note("her sister has cancer, ask for ?Ashgrove", note_id="n1")
    return told


@pytest.fixture
def opening(
    book: Book, told: dict[str, str], present: Present, tmp_path: Path
) -> Iterator[Callable[[policy.Mode], Memory]]:
    """Opens the memory of that record under a policy."""
    assert told
    opened = []

    def open_memory(sensitive: policy.Mode) -> Memory:
        opened.append(
            Memory.open(
                tmp_path,
                database_url=book.database_url,
                default_region="US",
                sensitive=sensitive,
                now=present,
            )
        )
        return opened[-1]

    yield open_memory
    for one in opened:
        one.close()


@pytest.fixture
def memory(opening: Callable[[policy.Mode], Memory]) -> Memory:
    """The memory under the policy that is usual."""
    return opening("masked")


def _ring(memory: Memory, phone: str | None = PHONE, **more: Any) -> Brief:
    return memory.brief(ring="k1", phone=phone, call="ring:k1", **{"agent": DANIEL, **more})


def _verify(memory: Memory, who: str = MARA, call: str = "ring:k1", agent: str = DANIEL) -> None:
    memory.verify(who, call=call, agent=agent, proof="link")


def _reveal(memory: Memory, memory_id: str, **more: Any) -> Any:
    asked = {"customer": MARA, "call": "ring:k1", "agent": DANIEL, "proof": "link", **more}
    return memory.reveal(memory_id, **asked)


def test_a_ring_is_exchanged_for_the_brief(memory: Memory) -> None:
    """The answer holds the ring's key, and the number nowhere."""
    brief = _ring(memory)
    assert dict(brief["match"]) == {"by": "ring", "value": "k1", "outcome": "one", "candidates": []}
    assert brief["customer"] is not None
    assert brief["customer"]["ref"] == MARA
    assert not brief["verified"]
    assert PHONE[1:] not in str(brief)


@pytest.mark.parametrize("phone", [None, "anonymous", "client:mara", "sip:desk", "12"])
def test_a_ring_without_a_number_is_hidden(memory: Memory, phone: str | None) -> None:
    """What is no number at all says as little."""
    brief = _ring(memory, phone)
    assert (brief["match"]["outcome"], brief["match"]["value"]) == ("hidden", "k1")
    assert [one["situation"] for one in brief["suggestions"]] == ["hidden_number"]


def test_a_ring_of_a_shared_number_shows_whom_to_pick(memory: Memory) -> None:
    """Nobody's memory; with a pick it is theirs, but for what the others may not hear."""
    brief = _ring(memory, SHARED)
    assert [one["ref"] for one in brief["match"]["candidates"]] == [BO, ELLEN]
    assert brief["customer"] is None
    picked = _ring(memory, SHARED, customer=ELLEN)
    assert dict(picked["match"]) == {
        "by": "ring",
        "value": "k1",
        "outcome": "one",
        "candidates": [],
    }
    assert picked["customer"] is not None
    assert picked["customer"]["ref"] == ELLEN
    assert picked["adjustments"] == []
    assert {"kind": "contact_rule", "count": 1, "why": "unverified"} in picked["withheld"]
    _verify(memory, ELLEN)
    verified = _ring(memory, SHARED, customer=ELLEN)
    assert [one["quote"] for one in verified["adjustments"]] == ["Do not ring the landline"]


@pytest.mark.parametrize("phone", [None, PHONE])
def test_who_calls_from_elsewhere_is_picked_and_not_believed(
    memory: Memory, phone: str | None
) -> None:
    """From a hidden number, or another's: contact rules wait until they are verified."""
    picked = _ring(memory, phone, customer=ELLEN)
    assert picked["customer"] is not None
    assert picked["adjustments"] == []


def test_a_pick_beside_a_ticket_is_whom_it_is_about(memory: Memory) -> None:
    """Another than the ticket's requester calls about it; or the requester themselves."""
    other = memory.brief(ticket="zendesk:1", customer=ELLEN)
    assert (other["match"]["by"], other["match"]["value"]) == ("ticket", "zendesk:1")
    assert other["customer"] is not None
    assert other["customer"]["ref"] == ELLEN
    assert other["adjustments"] == []
    own = memory.brief(ticket="zendesk:7", customer=ELLEN)
    assert [one["quote"] for one in own["adjustments"]] == ["Do not ring the landline"]


@pytest.mark.parametrize("who", ["zendesk:999", "zendesk:11", "freshdesk:100"])
def test_a_pick_of_nobody_is_nobody(memory: Memory, who: str) -> None:
    """Unknown refs, agents, and other helpdesks' customers."""
    brief = _ring(memory, customer=who)
    assert (brief["customer"], brief["match"]["outcome"]) == (None, "none")


@pytest.mark.parametrize(
    "ways",
    [
        {"ring": "k1", "email": "mara@example.com"},
        {"ring": "k1", "ticket": "zendesk:1"},
        {"ticket": "zendesk:1", "phone": PHONE},
        {"customer": MARA, "phone": PHONE},
        {},
    ],
)
def test_who_it_is_about_is_said_in_one_way(memory: Memory, ways: dict[str, Any]) -> None:
    """Only a ring comes with a number, and only a call with a pick."""
    with pytest.raises(UsageError, match="exactly one way"):
        memory.brief(**ways)


def test_a_verified_caller_is_known_in_this_call_alone(
    memory: Memory, present: Present, book: Book
) -> None:
    """By this agent, until it is over; it is written down with the proof of who the agent is."""
    _verify(memory)
    assert _ring(memory)["verified"]
    assert _ring(memory)["care"]
    assert not _ring(memory, agent=DANA)["verified"]
    assert not memory.brief(ring="k1", phone=PHONE, call="ring:k1")["verified"]
    assert not memory.brief(ring="k2", phone=PHONE, call="ring:k2", agent=DANIEL)["verified"]
    assert not memory.brief(phone=PHONE, agent=DANIEL)["verified"]
    assert not _ring(memory, SHARED, customer=ELLEN)["verified"]
    present.at += LONGEST
    assert not _ring(memory)["verified"]
    assert book.seen() == [(DANIEL, "link", "verify:ring:k1")]


def test_a_ticket_is_a_call_too(memory: Memory) -> None:
    """Under its ref, however it is written."""
    _verify(memory, call="ticket:zendesk:1")
    brief = memory.brief(ticket="1", call="ticket:1", agent="daniel@acme.example")
    assert brief["verified"]
    assert not memory.brief(ticket="zendesk:7", call="ticket:zendesk:7", agent=DANIEL)["verified"]


@pytest.mark.parametrize("call", ["", "ring:", "k1", "ticket:", "ticket:freshdesk:1", "mail:1"])
def test_what_is_no_call_cannot_be_verified(memory: Memory, call: str) -> None:
    """It is said how a call looks."""
    with pytest.raises(UsageError):
        _verify(memory, call=call)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("bereavement", "My friend Ruth died"),
        ("access_need", "I am hard of hearing, please speak slowly"),
        ("promise", "I will call you after the funeral"),
    ],
)
def test_what_is_hidden_is_revealed_by_itself(
    memory: Memory, told: dict[str, str], book: Book, kind: str, words: str
) -> None:
    """With its evidence, written down first, and hidden again in the next brief."""
    _verify(memory)
    assert words not in str(_ring(memory))
    shown = _reveal(memory, told[kind])
    assert (shown["memory"], shown["quote"]) == (told[kind], words)
    assert [one["quote"] for one in shown["evidence"]] == [words]
    assert book.seen()[-1] == (DANIEL, "link", f"reveal:{told[kind]}")
    assert words not in str(_ring(memory))


def test_a_hidden_note_is_revealed(memory: Memory) -> None:
    """A note has no evidence but itself."""
    _verify(memory)
    assert "cancer" not in str(_ring(memory))
    shown = _reveal(memory, "n1")
    assert (shown["quote"], shown["evidence"]) == (
        "her sister has cancer, ask for ?Ashgrove",
        [],
    )


@pytest.mark.parametrize(
    "other",
    [{"agent": DANA}, {"call": "ring:k2"}, {"call": "ticket:zendesk:1"}, {"customer": ELLEN}],
)
def test_nothing_is_revealed_to_whom_the_caller_is_not_verified(
    memory: Memory, told: dict[str, str], book: Book, other: dict[str, str]
) -> None:
    """Another agent, another call, another customer: nothing is written down either."""
    _verify(memory)
    before = book.rows(t.access)
    with pytest.raises(NotAllowedError) as refused:
        _reveal(memory, told["bereavement"], **other)
    assert "Ruth" not in f"{refused.value.detail} {refused.value.hint}"
    assert book.rows(t.access) == before


def test_what_is_anothers_is_not_revealed(memory: Memory, told: dict[str, str]) -> None:
    """Nor what does not exist, in the same words."""
    _verify(memory)
    for memory_id in (told["care_of_ellen"], "nothing", "issue-1"):
        with pytest.raises(NotFoundError, match="nothing under this id"):
            _reveal(memory, memory_id)


def test_what_was_said_to_be_wrong_is_not_revealed(memory: Memory, told: dict[str, str]) -> None:
    """It is no longer in the brief."""
    _verify(memory)
    memory.correct(told["bereavement"], "wrong", DANIEL)
    with pytest.raises(NotFoundError):
        _reveal(memory, told["bereavement"])


def test_where_the_policy_is_off_nothing_is_revealed(
    opening: Callable[[policy.Mode], Memory], told: dict[str, str], book: Book
) -> None:
    """Not even the reason behind a need."""
    memory = opening("off")
    _verify(memory)
    for memory_id in (*told.values(), "n1"):
        with pytest.raises(NotAllowedError, match="not shown in this account"):
            _reveal(memory, memory_id)
    assert [what for _, _, what in book.seen()] == ["verify:ring:k1"]


def test_who_verifies_must_be_somebody(memory: Memory) -> None:
    """An agent of the account, and a customer of it."""
    with pytest.raises(UsageError):
        _verify(memory, agent="nobody@acme.example")
    with pytest.raises(NotFoundError):
        _verify(memory, who="zendesk:999")


def test_what_is_verified_is_over_before_long(memory: Memory, present: Present) -> None:
    """Two hours at most."""
    verified = memory.verify(MARA, call="ring:k1", agent=DANIEL, proof="link")
    assert verified == (MARA, AS_OF + LONGEST)
    present.at += LONGEST - timedelta(seconds=1)
    assert _ring(memory)["verified"]
