"""A customer of whom every table of the record holds something, and another beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from memory.entities import (
    Call,
    CallOutcome,
    CallRecord,
    Identity,
    Leg,
    Merge,
    Page,
    Rating,
    Role,
    Unreadable,
)
from memory.record import tables as t
from memory.record.rings import store_rings
from memory.record.same import say_same
from tests.support.book import AS_OF, Book, agent, ago, customer, message, ticket

if TYPE_CHECKING:
    from memory.record import Writer

WHO, MERGED = "4242001", "4242002"
"""The customer, and the id of theirs that was merged into it."""

OTHER, TWIN = "5101", "5102"
"""Another customer, and one who, agents say, is the same person as `WHO`."""

OWN, OWN_LATER, OF_MERGED, OF_OTHER, GIVEN = "771001", "771002", "771003", "880001", "880002"
"""Tickets: three of theirs, the other's, and one that was theirs and is the other's now."""

NAME, EMAIL, PHONE = "Quillon Marksworth", "quillon@marks.example", "+12125550142"
SECOND_PHONE, WORD, FILE = "+12125550143", "zephyrmark", "/exports/quillon.json"

MARKS = (
    *(WHO, MERGED),
    *("Quillon", "quillon", "Marksworth", "marksworth"),
    *("5550142", "5550143", WORD),
)
"""What nothing that is held may contain once they are forgotten."""


def pages() -> dict[str, Page]:
    """What the helpdesk tells of them, by what it tells."""
    at = ago(400)
    them = customer(WHO, NAME, email=EMAIL, phone=PHONE, updated_at=ago(5), organization_id="9")
    return {
        "people": Page(people=(them, customer(MERGED, "Quillon M.", updated_at=at))),
        "others": Page(
            people=(
                customer(OTHER, "Ellen Bright", email="ellen@bright.example", phone="2125550151"),
                customer(TWIN, "Q. Marl"),
                agent(),
            ),
        ),
        "identities": Page(
            identities=(Identity(WHO, "phone", SECOND_PHONE), Identity(WHO, "external", WORD)),
            identified=(WHO,),
        ),
        "merges": Page(merges=(Merge(MERGED, WHO),)),
        "tickets": Page(
            tickets=(
                ticket(OWN, WHO, subject=f"The {WORD} router"),
                ticket(OWN_LATER, WHO, subject=f"Again the {WORD}", description=f"It {WORD}s"),
                ticket(OF_MERGED, MERGED, subject=f"An old {WORD}"),
            ),
        ),
        "tickets of others": Page(
            tickets=(ticket(OF_OTHER, OTHER), ticket(GIVEN, OTHER, version=2)),
        ),
        "messages": Page(
            messages=(
                message(
                    "m1",
                    f"My {WORD} is broken",
                    ticket_id=OWN,
                    author_id=WHO,
                    call=Call("inbound", 5.0, "11", PHONE, "c1"),
                ),
                message("m2", f"Mend the {WORD}", ticket_id=OWN, author_id="11"),
                message("m3", f"{WORD} once more", ticket_id=OF_MERGED, author_id=MERGED),
                message("m4", f"Ellen, my {WORD}", ticket_id=OF_OTHER, author_id=WHO),
            ),
        ),
        "messages of others": Page(
            messages=(
                message("m5", "My lamp is broken", ticket_id=OF_OTHER, author_id=OTHER),
                message("m6", "It is given to me", ticket_id=GIVEN, author_id=OTHER),
            ),
        ),
        "calls": Page(
            calls=(
                CallRecord("c1", WHO, OWN, "11", "inbound", CallOutcome.ANSWERED, at, at, 5.0),
                CallRecord("c2", WHO, None, None, "inbound", CallOutcome.MISSED, at, at),
                CallRecord("c3", OTHER, None, None, "inbound", CallOutcome.MISSED, at, at),
            ),
        ),
        "ratings": Page(
            ratings=(
                Rating("r1", OWN, WHO, "11", "good", at),
                Rating("r2", OF_OTHER, OTHER, "11", "good", at),
            ),
        ),
    }


LEGS = Page(legs=(Leg("l1", "c1", "11", CallOutcome.ANSWERED, 5.0),))


def rings() -> list[dict[str, Any]]:
    """Theirs, one of their number that nobody was asked about, and the other's."""
    base: dict[str, Any] = {
        "provider": "generic",
        "direction": "inbound",
        "called": "line",
        "state": "ended",
        "agents": ["11"],
        "members": [],
        "agent_id": None,
        "at": ago(1),
        "answered_at": None,
        "ended_at": ago(1),
        "sequence": 1,
    }
    return [
        {**base, "id": "k1", "call_id": "1", "caller": PHONE, "customer_id": WHO},
        {**base, "id": "k2", "call_id": "2", "caller": SECOND_PHONE, "customer_id": None},
        {**base, "id": "k3", "call_id": "3", "caller": "+12125550151", "customer_id": OTHER},
    ]


def unreadable() -> list[Unreadable]:
    """Rows about them that could not be read, and two of others."""
    return [
        Unreadable("users", WHO, "users[0].name", "is not text", {"id": int(WHO)}),
        Unreadable("comments", "m9", "at", "is not a time", {"id": 9, "author_id": int(WHO)}),
        Unreadable("tickets", OWN, "status", "is unknown", {"id": int(OWN)}),
        Unreadable("comments", "m8", "at", "is not a time", {"id": 8, "author_id": int(OTHER)}),
        Unreadable("users", "#3", "id", "is missing", {"name": "text"}),
    ]


def live(book: Book) -> None:
    """Have the record hold something of them in every table that can."""
    for page in pages().values():
        book.store(page)
    book.store(LEGS)
    # A ticket that was theirs, and is the other's since.
    book.store(tickets=(ticket(GIVEN, WHO, version=3),))
    book.store(tickets=(ticket(GIVEN, OTHER, version=4),))
    book.told("interest", f"{WORD} hobby", OWN, by=WHO, customer_id=WHO, vector=[1, 0])
    book.issue(OWN_LATER, f"{WORD} issue", customer_id=WHO, vector=[2, 1])
    book.contact(OWN, "11", customer_id=WHO)
    book.never_kept(OWN, 2, WHO)
    book.told("interest", "Lamps, all day", OF_OTHER, by=OTHER, customer_id=OTHER, vector=[0, 1])
    book.told("interest", f"Ellen loves my {WORD}", OF_OTHER, by=WHO, customer_id=OTHER)
    book.issue(GIVEN, "Bill", customer_id=OTHER, vector=[1, 1])
    book.contact(OF_OTHER, "11", customer_id=OTHER)
    with book.record.writing(book.account) as writer:
        for who in (WHO, OTHER):
            _agents_said(writer, who, f"{WORD} note" if who == WHO else "Lamp note")
        say_same(writer.connection, book.number, WHO, TWIN, agent_id="11", at=AS_OF)
        store_rings(writer.connection, book.number, rings(), [])
        writer.quarantine(unreadable(), AS_OF)


def _agents_said(writer: Writer, who: str, words: str) -> None:
    writer.add_note(
        note_id=f"note-{words[0]}",
        customer_id=who,
        agent_id="11",
        at=AS_OF,
        text=words,
        sensitive=False,
    )
    for what in ("brief", "reveal"):
        writer.log_access(
            at=AS_OF, agent="lee", proof="os-user", source="command", what=what, customer_id=who
        )
    file = FILE if who == WHO else "/exports/ellen.json"
    memory = {"memory_id": f"memory-{who}", "customer_id": who, "at": AS_OF}
    for table, row in (
        (t.correction, {**memory, "verdict": "wrong", "agent_id": "11"}),
        (t.consent, {**memory, "answer": "agreed", "agent_id": "11"}),
        (t.helped, {**memory, "agent_id": "11"}),
        (t.opt_out, {"customer_id": who, "at": AS_OF}),
        (t.cut_off, {"customer_id": who, "before": AS_OF, "at": AS_OF}),
        (t.not_offered, {"agent_id": "11", "customer_id": who, "at": AS_OF}),
        (t.written, {"path": file, "customer_id": who, "digest": b"d" * 32, "at": AS_OF}),
        (
            t.verification,
            {"customer_id": who, "call": "k", "agent_id": "11", "at": AS_OF, "until": AS_OF},
        ),
    ):
        writer.connection.execute(table.insert().values(account=writer.account, **row))


def held(book: Book) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    return {table.name: book.rows(table) for table in t.metadata.sorted_tables}


def says(value: object) -> list[str]:
    """Which marks a value holds."""
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return [mark for mark in MARKS if mark in text]


def found(book: Book) -> list[tuple[str, str, str]]:
    """Where a mark of theirs stands: table, column and mark."""
    return [
        (name, column, mark)
        for name, rows in held(book).items()
        for row in rows
        for column, value in row.items()
        for mark in says(value)
    ]


EX_AGENT = customer("11", "Daniel Osei", active=False, updated_at=ago(1))
"""An agent whom the helpdesk made a customer and deleted."""

assert EX_AGENT.role is Role.CUSTOMER
