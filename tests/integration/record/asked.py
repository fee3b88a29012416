"""Every question that the record answers of an account, and changes that answer something too."""

from __future__ import annotations

import hashlib
from dataclasses import astuple
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from memory.entities import (
    Call,
    CallOutcome,
    CallRecord,
    Identity,
    Leg,
    Merge,
    Organization,
    Rating,
    Status,
    Unreadable,
)
from memory.record import (
    access,
    callers,
    calls,
    chain,
    consent,
    dropping,
    due,
    erasing,
    events,
    forgotten,
    history,
    issues,
    kept,
    kinds,
    looks,
    merges,
    names,
    notes,
    of_agent,
    of_customer,
    of_customers,
    offers,
    quarantined,
    queries,
    remembered,
    retention,
    rings,
    same,
    shared,
    tokens,
    told,
    verifications,
    whom,
    wishes,
    written,
)
from memory.record import tables as t
from memory.record.remembered import RememberedTicket, store_remembered
from memory.text.vectors import digest
from tests.support.book import agent, ago, customer, ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from tests.support.book import Book

    Ask = Callable[[Connection, int, bytes], object]

ASK: dict[str, Ask] = {
    "queries.people_by_identity": lambda c, a, _: queries.people_by_identity(
        c, a, "phone", "+12125550101"
    ),
    "queries.person": lambda c, a, _: queries.person(c, a, "100"),
    "queries.people": lambda c, a, _: queries.people(c, a, ["100", "11", "900"]),
    "of_customer.ratings_of": lambda c, a, _: of_customer.ratings_of(c, a, "100"),
    "queries.agent": lambda c, a, _: queries.agent(c, a, "11"),
    "queries.agents": lambda c, a, _: queries.agents(c, a),
    "queries.customer_ids": lambda c, a, _: queries.customer_ids(c, a),
    "queries.languages": lambda c, a, _: queries.languages(c, a),
    "queries.busiest_customers": lambda c, a, _: queries.busiest_customers(c, a, 9),
    "queries.identities": lambda c, a, _: queries.identities(c, a, "100"),
    "queries.ticket": lambda c, a, _: queries.ticket(c, a, "1"),
    "of_customer.tickets_of": lambda c, a, _: of_customer.tickets_of(c, a, "100"),
    "of_customer.last_contacts": lambda c, a, _: of_customer.last_contacts(c, a, ["100", "900"]),
    "queries.messages_of_tickets": lambda c, a, _: queries.messages_of_tickets(c, a, ["1", "2"]),
    "of_customer.tickets_written_in": lambda c, a, _: of_customer.tickets_written_in(c, a, "101"),
    "of_customer.memories_of": lambda c, a, _: of_customer.memories_of(c, a, "100"),
    "of_customer.evidence_of": lambda c, a, _: of_customer.evidence_of(c, a, ["issue-1"]),
    "of_customer.vectors_said": lambda c, a, key: of_customer.vectors_said(
        c, a, [digest(key, "issue 1")]
    ),
    "of_customer.contacts_of": lambda c, a, _: of_customer.contacts_of(c, a, "100"),
    "of_customer.notes_of": lambda c, a, _: of_customer.notes_of(c, a, "100"),
    "of_customer.never_kept_of": lambda c, a, _: of_customer.never_kept_of(c, a, "100", ago(0)),
    "history.embedded": lambda c, a, _: history.embedded(c, a, ["1", "2"]),
    "history.messages": lambda c, a, _: history.messages(c, a, ["1", "2"]),
    "of_customer.private_quotes": lambda c, a, _: of_customer.private_quotes(c, a, "100"),
    "issues.visible": lambda c, a, _: issues.visible(c, a, ["issue-1", "issue-2"]),
    "issues.vectors_and_readings": lambda c, a, key: issues.vectors_and_readings(
        c, a, [digest(key, "issue 1"), b"?" * 16]
    ),
    "issues.ids": lambda c, a, _: sorted(issues.ids(c, a)),
    "issues.ids_of_tickets": lambda c, a, _: issues.ids_of_tickets(c, a, ["1", "2"]),
    "issues.vectors_of": lambda c, a, _: issues.vectors_of(c, a, ["issue-1"]),
    "issues.vectors_of_customer": lambda c, a, _: issues.vectors_of_customer(c, a, "100"),
    "shared.often_said": lambda c, a, key: shared.often_said(c, a, [digest(key, "issue 1")], 1),
    "shared.tickets_up_to": lambda c, a, _: shared.tickets_up_to(c, a, 1000),
    "queries.outbox_batch": lambda c, a, _: queries.outbox_batch(c, a, 99),
    "queries.outbox_size": lambda c, a, _: queries.outbox_size(c, a),
    "queries.tickets": lambda c, a, _: queries.tickets(c, a, ["1", "2", "3"]),
    "due.tickets_to_read": lambda c, a, _: due.tickets_to_read(c, a, 99),
    "due.counts_due": lambda c, a, _: due.counts_due(c, a),
    "due.people_to_identify": lambda c, a, _: due.people_to_identify(c, a, 99),
    "due.counts_to_tell": lambda c, a, _: due.counts_to_tell(c, a, 0, 99),
    "due.counts_tickets": lambda c, a, _: due.counts_tickets(c, a),
    "due.tickets_read_longest_ago": lambda c, a, _: due.tickets_read_longest_ago(c, a, 1),
    "due.tickets_unseen": lambda c, a, _: due.tickets_unseen(c, a, ago(-9999)),
    "due.people_unseen": lambda c, a, _: due.people_unseen(c, a, ago(-9999)),
    "due.authors_unknown": lambda c, a, _: due.authors_unknown(c, a),
    "due.tickets_with_words_of": lambda c, a, _: due.tickets_with_words_of(c, a, "101"),
    "due.tickets_requested": lambda c, a, _: due.tickets_requested(c, a, "100"),
    "due.checkpoints": lambda c, a, _: due.checkpoints(c, a),
    "callers.people_by_number": lambda c, a, _: callers.people_by_number(c, a, "+12125550142"),
    "callers.numbers_of": lambda c, a, _: callers.numbers_of(c, a, "100"),
    "callers.missed_calls": lambda c, a, _: callers.missed_calls(c, a, "100"),
    "callers.answered_calls": lambda c, a, _: callers.answered_calls(c, a, "100"),
    "callers.outbound_calls": lambda c, a, _: callers.outbound_calls(c, a, "100"),
    "callers.legs_of_tickets": lambda c, a, _: callers.legs_of_tickets(c, a, ["1", "2"]),
    "queries.quarantined": lambda c, a, _: queries.quarantined(c, a),
    "queries.counts": lambda c, a, _: queries.counts(c, a),
    "queries.waiting": lambda c, a, _: queries.waiting(c, a),
    "queries.winner": lambda c, a, _: queries.winner(c, a, "99"),
    "queries.merged_from": lambda c, a, _: queries.merged_from(c, a, "100"),
    "queries.oldest_unchecked": lambda c, a, _: queries.oldest_unchecked(c, a),
    "access.entries_of": lambda c, a, _: access.entries_of(c, a, ["100"], ["health"]),
    "erasing.agents_among": lambda c, a, _: sorted(erasing.agents_among(c, a, ["11", "21", "31"])),
    "events.authors_of": lambda c, a, _: events.authors_of(c, a, "1"),
    "events.ignored": lambda c, a, _: events.ignored(c, a),
    "forgotten.are_forgotten": lambda c, a, _: sorted(
        forgotten.are_forgotten(c, a, ["550", "551", "552"])
    ),
    "forgotten.forgotten": lambda c, a, _: [
        forgotten.forgotten(c, a, one) for one in ("550", "551", "552")
    ],
    "forgotten.pending": lambda c, a, _: forgotten.pending(c, a),
    "kept.corrected_places": lambda c, a, _: sorted(kept.corrected_places(c, a, "100")),
    "kept.corrections_of": lambda c, a, _: kept.corrections_of(c, a, "100"),
    "kept.has_opted_out": lambda c, a, _: [
        kept.has_opted_out(c, a, one) for one in ("540", "541", "542")
    ],
    "kept.verdicts": lambda c, a, _: kept.verdicts(c, a, ["gone0", "gone1", "gone2"]),
    "kept.whose": lambda c, a, _: [kept.whose(c, a, one) for one in ("n0", "n1", "n2")],
    "merges.winners": lambda c, a, _: merges.winners(c, a, ["99", "98"]),
    "names.people_by_beginning": lambda c, a, _: names.people_by_beginning(c, a, "phone", "+1212"),
    "names.people_by_name": lambda c, a, _: names.people_by_name(c, a, "mara"),
    "notes.due_notes": lambda c, a, _: notes.due_notes(c, a),
    "notes.note_place": lambda c, a, _: notes.note_place(c, a, "due"),
    "notes.own_notes": lambda c, a, _: sorted(
        notes.own_notes(c, a, queries.messages_of_tickets(c, a, ["1"]))
    ),
    "notes.tickets_for_note": lambda c, a, _: notes.tickets_for_note(c, a, "100"),
    "of_agent.contacts_with": lambda c, a, _: of_agent.contacts_with(c, a, "11", ["100"]),
    "of_agent.dealt_with": lambda c, a, _: of_agent.dealt_with(c, a, "11", ago(99), ago(-1)),
    "of_agent.not_offered_to": lambda c, a, _: of_agent.not_offered_to(c, a, ["100"]),
    "of_agent.rings_between": lambda c, a, _: of_agent.rings_between(c, a, ago(99), ago(-1)),
    "of_agent.warmest": lambda c, a, _: of_agent.warmest(
        c, a, "11", ago(0), half_life=timedelta(90), fewest=1, limit=9
    ),
    "of_customers.contacts_of": lambda c, a, _: of_customers.contacts_of(c, a, ["100"]),
    "of_customers.memories_of": lambda c, a, _: of_customers.memories_of(
        c, a, ["100"], ["issue", "health"]
    ),
    "of_customers.named": lambda c, a, _: of_customers.named(c, a, ["100", "901"]),
    "of_customers.notes_of": lambda c, a, _: of_customers.notes_of(c, a, ["100"]),
    "of_customers.ratings_of": lambda c, a, _: of_customers.ratings_of(c, a, ["100"]),
    "of_customers.tickets_of": lambda c, a, _: of_customers.tickets_of(c, a, ["100"]),
    "rings.rings_since": lambda c, a, _: rings.rings_since(c, a, ago(99)),
    "rings.whose_rings": lambda c, a, _: rings.whose_rings(c, a, ["r0", "r1", "r2"]),
    "same.same_among": lambda c, a, _: same.same_among(c, a, ["100", "101", "770"]),
    "same.same_people": lambda c, a, _: same.same_people(c, a, "100"),
    "tokens.proven": lambda c, a, _: [
        tokens.proven(c, [a], f"rmbr_0f_{word}") for word in ("alpha", "bravo")
    ],
    "tokens.token": lambda c, a, _: [tokens.token(c, a, one) for one in ("0f", "1f", "2f")],
    "tokens.tokens": lambda c, a, _: tokens.tokens(c, a),
    "verifications.is_verified": lambda c, a, _: [
        verifications.is_verified(c, a, ["100"], call=f"ticket:{n}", agent_id="11", at=ago(0))
        for n in range(3)
    ],
    "remembered.count_of_ticket": lambda c, a, _: sorted(
        remembered.count_of_ticket(c, a, "1").items()
    ),
    "whom.is_known": lambda c, a, _: [whom.is_known(c, a, one) for one in ("100", "901", "x")],
    "whom.marks_of": lambda c, a, _: whom.marks_of(c, a, ["100"]),
    "whom.merged_into": lambda c, a, _: whom.merged_into(c, a, "100"),
    "whom.reached_by": lambda c, a, _: whom.reached_by(c, a, "phone", "+12125550101"),
    "whom.said_to_be": lambda c, a, _: whom.said_to_be(c, a, "100"),
    "chain.head": lambda c, a, _: chain.head(c, a),
    "chain.verify": lambda c, a, _: chain.verify(c, a),
    "consent.answers": lambda c, a, _: consent.answers(c, a, ["asked0", "asked1", "asked2"]),
    "consent.answers_of": lambda c, a, _: consent.answers_of(c, a, "100"),
    "consent.of_customer": lambda c, a, _: consent.of_customer(c, a, "100"),
    "dropping.tickets_of": lambda c, a, _: dropping.tickets_of(c, a, "100"),
    "kept.cut_off_of": lambda c, a, _: [
        kept.cut_off_of(c, a, one) for one in ("530", "531", "532")
    ],
    "kinds.kind_of": lambda c, a, _: [kinds.kind_of(c, a, f"health-m{n:03}") for n in range(40)],
    "kinds.policies": lambda c, a, _: kinds.policies(c, a),
    "kinds.shown": lambda c, a, _: kinds.shown(c, a),
    "looks.has_alias": lambda c, a, _: looks.has_alias(c, a, ["100"]),
    "looks.looks": lambda c, a, _: looks.looks(c, a, looks.Wanted(), 9),
    "looks.names_of": lambda c, a, _: looks.names_of(c, a, ["100", "11"]),
    "retention.is_due": lambda c, a, _: retention.is_due(c, a, {"health": 5}, ago(0)),
    "retention.swept_at": lambda c, a, _: retention.swept_at(c, a),
    "retention.too_old": lambda c, a, _: retention.too_old(c, a, {"health": 5}),
    "tokens.ended_at": lambda c, a, _: [tokens.ended_at(c, a, one) for one in ("60", "61", "62")],
    "wishes.wishes": lambda c, a, _: [
        sorted(one) for one in astuple(wishes.wishes(c, a, {"health": 5}))
    ],
    "written.digests_of": lambda c, a, _: written.digests_of(c, a, ["f0", "f1", "f2"]),
}
"""Every question, by the function that answers it, asked of ids that both accounts have."""

CHANGE: dict[str, Ask] = {
    "forgotten.allow": lambda c, a, _: forgotten.allow(c, a, "552"),
    "forgotten.disown_files": lambda c, a, _: forgotten.disown_files(c, a, "551", ["100"]),
    "retention.sweep": lambda c, a, _: retention.sweep(c, a, {"health": 1}, ago(0)),
    "notes.place_note": lambda c, a, _: notes.place_note(c, a, "due", due=False, ticket_id="1"),
    "quarantined.drop_quarantined": lambda c, a, _: quarantined.drop_quarantined(
        c, a, ["9", "100"], ["9", "1"]
    ),
    "remembered.store_remembered": lambda c, a, _: store_remembered(
        c, a, [RememberedTicket("70", queries.outbox_batch(c, a, 1)[0].stamp)], {}
    ),
    "rings.drop_numbers": lambda c, a, _: rings.drop_numbers(
        c, a, until=ago(-9), missed_until=ago(-9)
    ),
    "rings.store_rings": lambda c, a, _: rings.store_rings(c, a, [_ring("r2", "changed")], ["r2"]),
    "told.finish_told": lambda c, a, _: told.finish_told(c, a, since=0, until=9, at=ago(0)),
    "told.take_untold": lambda c, a, _: told.take_untold(c, a, ["1", "2", "70"]),
    "tokens.create": lambda c, a, _: tokens.create(c, a, name="x", scopes=["admin"], at=ago(0)),
    "tokens.revoke": lambda c, a, _: tokens.revoke(c, a, "0f", ago(0)),
    "verifications.verify": lambda c, a, _: verifications.verify(
        c, a, customer_id="100", call="ticket:9", agent_id="11", at=ago(-99)
    ),
    "remembered.forget_ticket": lambda c, a, _: remembered.forget_ticket(c, a, "2"),
    "remembered.drop_unused_vectors": lambda c, a, key: _drop_vector(c, a, digest(key, "issue 1")),
    "calls.erase_calls": lambda c, a, _: calls.erase_calls(c, a, t.call.c.id == "c3"),
    "rings.erase_rings": lambda c, a, _: rings.erase_rings(c, a, ["100"]),
    "erasing.erase_ticket_contents": lambda c, a, _: erasing.erase_ticket_contents(c, a, "1"),
    "erasing.erase_person": lambda c, a, _: erasing.erase_person(
        c, a, "100", reason="asked", at=ago(0)
    ),
}
"""Every change that answers something, asked for in the same way."""


def fill(book: Book, word: str, more: int) -> None:
    """The same ids in every account, the words and numbers its own.

    Args:
        book: An empty account.
        word: Which stands in all its words.
        more: How much more there is of some things than in the first account.
    """
    book.people(
        customer(name=f"{word} Mara", phone="2125550101", organization_id="5"),
        customer("101", f"{word} Ellen", phone="2125550102"),
        *(customer(f"90{n}", f"{word} {n}", phone="2125550101") for n in range(more)),
        agent(name=f"{word} Daniel"),
    )
    book.store(
        organizations=(Organization("5", f"{word} Harbour"),),
        identities=(Identity("100", "email", f"{word}@example.com"),),
        identified=("100",),
    )
    book.people(*(customer("77") for _ in range(more)))
    for ticket_id in ("1", "2"):
        book.ticket(ticket_id, subject=f"{word} bill", at=ago(9 + more))
        book.sentence(ticket_id, f"{word} sails", [1, more + 1], at=ago(9 + more))
        book.issue(ticket_id, f"{word} bill", restatement=f"{word} pays", vector=[more + 1, 1])
        book.told("health", f"{word} is ill", ticket_id)
        book.told("work", f"{word} flies", ticket_id, by="101", customer_id="101")
        book.contact(ticket_id, "11", 10.0 + more)
        book.never_kept(ticket_id, 1 + more)
    for number in range(more + 1):
        book.ticket(f"7{number}")
        book.store(tickets=(ticket(f"8{number}"),))
        book.note(f"{word} note", note_id=f"n{number}")
    for name, way, outcome in (
        ("c1", "inbound", CallOutcome.ANSWERED),
        ("c2", "inbound", CallOutcome.MISSED),
        ("c3", "outbound", CallOutcome.ANSWERED),
    ):
        call = CallRecord(name, "100", None, "11", way, outcome, ago(more), ago(more))
        book.store(calls=(call,), legs=(Leg(f"{name}-11", name, "11", outcome, 1.0 + more),))
    rang_from = f"21255501{42 + more}"
    book.say("1", word, call=Call("inbound", id="c1", number=rang_from, missed=bool(more)))
    book.say("1", word, author_id="77")
    book.store(tickets=(ticket("3", status=Status.DELETED),))
    book.store(ratings=(Rating("5", "1", "100", f"1{more}", "good", ago(1)),))
    book.store(people=(customer("99"),), merges=(Merge("99", "100"),))
    with book.record.writing(book.account) as writer:
        writer.checkpoint("tickets", word, done=True, rows=more)
        writer.quarantine([Unreadable("tickets", "9", word, word, {})], ago(1))
        writer.log_access(
            at=ago(0), agent=word, proof="os-user", source="command", what="x", customer_id="100"
        )
    _fill_later(book, word, more)


def _fill_later(book: Book, word: str, more: int) -> None:
    """What nobody but this program knows."""
    own = str(more)
    book.people(agent(f"2{more + 1}", word), *(customer(f"{n}{more}") for n in ("54", "55", "77")))
    wrong = book.told("moment", f"{word} moves house", "1")
    note: dict[str, Any] = {
        "customer_id": "100",
        "agent_id": "11",
        "at": ago(1),
        "text": word,
        "sensitive": False,
    }
    with book.record.writing(book.account) as writer:
        c, a = writer.connection, book.number
        by: dict[str, Any] = {"agent_id": "11", "at": ago(1)}
        kept.correct(c, a, [wrong, f"gone{own}"], customer_id="100", verdict="wrong", **by)
        kept.correct(c, a, [f"lost{own}"], customer_id="100", verdict="unwanted", **by)
        kept.opt_out(c, a, f"54{own}", ago(1))
        kept.cut_off(c, a, f"53{own}", ago(5), ago(1))
        consent.answer(c, a, [f"asked{own}"], customer_id="100", said="agreed", **by)
        kinds.set_policy(c, a, "work", kinds.KindPolicy(True, "masked", 9 + more), ago(1))
        tokens.end_sessions(c, a, f"6{own}", ago(1 + more))
        mine = t.account.update().where(t.account.c.number == a)
        c.execute(mine.values(swept_at=ago(2 + more)))
        same.say_same(c, a, "100", f"77{own}" if more else "101", **by)
        offers.do_not_offer(c, a, f"1{own}", ago(1), "100")
        rings.store_rings(c, a, [_ring(f"r{own}", word)], ())
        verifications.verify(
            c, a, customer_id="100", call=f"ticket:{own}", agent_id="11", at=ago(0.01)
        )
        written.note_file(c, a, path=f"f{own}", customer_id="100", digest=word.encode(), at=ago(1))
        forgotten.put_down(c, a, [f"55{own}"], reason="asked", at=ago(1))
        events.count_ignored(c, a, word)
        writer.add_note(note_id="due", due=True, **note)
        for token_id in {"0f", f"{own}f"}:
            secret = hashlib.sha256(word.encode()).digest()
            told_of = {"name": word, "scopes": "admin", "created_at": ago(more), "digest": secret}
            c.execute(t.token.insert().values(account=a, id=token_id, **told_of))
    book.say("1", f"{word}\n[remember-them n{own}]", public=False)


def _ring(key: str, word: str) -> dict[str, Any]:
    return {
        "id": key,
        "provider": "generic",
        "call_id": word,
        "direction": "inbound",
        "caller": f"+1212555014{len(word)}",
        "called": word,
        "state": "ended",
        "agents": ["11"],
        "members": [],
        "agent_id": None,
        "customer_id": "100",
        "at": ago(0.1),
        "answered_at": None,
        "ended_at": ago(0.1),
        "sequence": 1,
    }


def _drop_vector(connection: Connection, account: int, which: bytes) -> None:
    remembered.release(connection, account, {which: 9})
    remembered.drop_unused_vectors(connection, account)
