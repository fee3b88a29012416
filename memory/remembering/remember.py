"""Drains the outbox: tickets become sentences, vectors, memories and contact time.

What is remembered of a ticket depends on nothing but what the record says of it, so any order of
work, and any number of interruptions, ends in the same memories.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING

from memory import policy
from memory.entities import DESCRIPTION, Role, Status
from memory.record import callers, issues, queries
from memory.record.kept import Wishes, wishes
from memory.record.notes import MARKER, own_notes
from memory.record.remembered import (
    RememberedTicket,
    SentencePlace,
    StoredMemory,
    store_remembered,
)
from memory.remembering.contacts import contacts_of
from memory.remembering.embedding import Embedded, embed, missing
from memory.remembering.issues import issue_of
from memory.remembering.owed import CONFIDENCE, owed_in
from memory.remembering.requests import AgentNames
from memory.remembering.telling import Said, Telling, memory_id
from memory.remembering.tokens import TokenPooling
from memory.remembering.turns import turns_of
from memory.text import sentences
from memory.text.automatic import is_auto_reply
from memory.text.vectors import digest, from_bytes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import tzinfo

    import sqlalchemy as sa

    from memory.record import Account, Record
    from memory.record.stored import Stored
    from memory.remembering.issues import Issue
    from memory.remembering.personal import Finding, Head
    from memory.text.encoder import Encoder

BATCH = 48
_FEWEST_WORDS = 2
_SOMEBODY = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.IGNORECASE)


@dataclass(slots=True)
class Progress:
    """What remembering has done so far.

    Attributes:
        remembered: Tickets.
        encoded: Texts that went through the encoder.
        skipped: Sentences that needed no encoding: known already, or with too little in them.
        waiting: Tickets left in the outbox.
    """

    remembered: int = 0
    encoded: int = 0
    skipped: int = 0
    waiting: int = 0


@dataclass(slots=True)
class _Draft:
    """A ticket on its way to being remembered.

    Attributes:
        wishes: What is not to be remembered of it.
    """

    ticket: Stored
    stamp: str
    messages: list[Stored]
    legs: Mapping[str, list[Stored]]
    wishes: Wishes
    said: list[Said] = field(default_factory=list)
    issue: Issue | None = None
    issue_digest: bytes | None = None


class Rememberer:
    """Turns stored tickets into memories, for one account."""

    def __init__(
        self,
        record: Record,
        account: Account,
        encoder: Encoder,
        head: Head,
        *,
        zone: tzinfo = UTC,
    ) -> None:
        self._record = record
        self._account = account
        self.encoder = encoder
        self.head = head
        self._zone = zone
        self.progress = Progress()

    def remember_next(self, limit: int = BATCH) -> tuple[list[str], list[str]]:
        """Remember the next tickets of the outbox.

        Returns:
            The ids of the issue memories these tickets had, and of those they have now; both
            empty when nothing waits.
        """
        with self._record.reading() as connection:
            waiting = queries.outbox_batch(connection, self._account.number, limit)
            if not waiting:
                self.progress.waiting = 0
                return [], []
            drafts = self._drafts(connection, {row.ticket_id: row.stamp for row in waiting})
            names = AgentNames(
                [(a.id, a.name) for a in queries.agents(connection, self._account.number) if a.name]
            )
            wanted = {one.digest: one.spoken for draft in drafts for one in draft.said}
            wanted |= {
                draft.issue_digest: draft.issue.text
                for draft in drafts
                if draft.issue and draft.issue_digest
            }
            known = Embedded(
                *issues.vectors_and_readings(connection, self._account.number, sorted(wanted))
            )
        new = missing(wanted, known, self.head)
        self.progress.skipped += len(wanted) - len(new)
        self.progress.encoded += len(new)
        embedded = embed(new, known, self.encoder, self.head)
        telling = Telling(self._account.name, names, self._zone)
        remembered = self._build(drafts, embedded, telling)
        with self._record.writing(self._account) as writer:
            number = self._account.number
            before = issues.ids_of_tickets(
                writer.connection, number, [one.ticket_id for one in remembered]
            )
            kept = store_remembered(
                writer.connection, number, remembered, embedded.vectors, embedded.readings
            )
            self.progress.waiting = queries.outbox_size(writer.connection, number)
        self.progress.remembered += len(kept)
        after = [m.id for one in kept for m in one.memories if m.vector is not None]
        return list(before), after

    def _drafts(self, connection: sa.Connection, stamps: dict[str, str]) -> list[_Draft]:
        number = self._account.number
        by_ticket: dict[str, list[Stored]] = defaultdict(list)
        messages = queries.messages_of_tickets(connection, number, sorted(stamps))
        known_here = own_notes(connection, number, messages)
        for row in messages:
            if (row.ticket_id, row.id) not in known_here:
                by_ticket[row.ticket_id].append(row)
        legs: dict[str, list[Stored]] = defaultdict(list)
        for row in callers.legs_of_tickets(connection, number, sorted(stamps)):
            legs[row.call_id].append(row)
        wished = wishes(connection, number)
        drafts = []
        for ticket in queries.tickets(connection, number, sorted(stamps)):
            draft = _Draft(ticket, stamps[ticket.id], by_ticket[ticket.id], legs, wished)
            if ticket.status != Status.DELETED.value:
                self._listen(draft)
            drafts.append(draft)
        return drafts

    def _listen(self, draft: _Draft) -> None:
        turns = [
            turn
            for message in draft.messages
            if message.channel == "voice" or not is_auto_reply(message.text)
            for turn in turns_of(message, draft.ticket.requester_id)
        ]
        for turn in turns:
            if turn.role is Role.OTHER:
                continue
            for span in sentences.split(turn.text):
                if len(span.text.split()) < _FEWEST_WORDS or MARKER.fullmatch(span.text):
                    self.progress.skipped += 1
                    continue
                spoken = sentences.spoken(turn.voice, span.text)
                key = digest(self._account.key, spoken)
                opens = turn.message_id == draft.messages[0].id
                draft.said.append(
                    Said(turn, turn.start + span.start, span.text, spoken, key, opens)
                )
        draft.issue = issue_of(draft.ticket, turns)
        if draft.issue is not None:
            draft.issue_digest = digest(self._account.key, draft.issue.text)

    def _build(
        self, drafts: Sequence[_Draft], embedded: Embedded, telling: Telling
    ) -> list[RememberedTicket]:
        said = [
            one
            for draft in drafts
            for one in draft.said
            if one.turn.role is Role.CUSTOMER or one.noted
        ]
        found: dict[int, list[Finding]] = {}
        if said:
            findings = self.head.find(
                [one.text for one in said],
                from_bytes([embedded.vectors[one.digest] for one in said]),
                TokenPooling.from_bytes([embedded.readings.get(one.digest, b"") for one in said]),
                [one.turn.voice for one in said],
            )
            found = {id(one): each for one, each in zip(said, findings, strict=True)}
        return [self._remembered(draft, found, telling) for draft in drafts]

    def _remembered(
        self, draft: _Draft, found: dict[int, list[Finding]], telling: Telling
    ) -> RememberedTicket:
        memories: dict[str, StoredMemory] = {}
        never_kept: Counter[str] = Counter()
        unsaid: set[int] = set()
        for one in draft.said:
            customer = self._customer_of(one, draft)
            if customer is None:
                continue
            if customer in draft.wishes.opted_out:
                unsaid.add(id(one))
                continue
            findings = found.get(id(one), [])
            if _is_never_kept(findings):
                never_kept[customer] += 1
                continue
            for memory in telling.memories(one, customer, findings):
                if memory.id in draft.wishes.unwanted:
                    unsaid.add(id(one))
                else:
                    memories.setdefault(memory.id, memory)
        for memory in self._owed(draft, found):
            if memory.id in draft.wishes.unwanted:
                unsaid.update(id(one) for one in draft.said if one.text == memory.evidence[0].quote)
            else:
                memories.setdefault(memory.id, memory)
        issue = self._issue_of(draft, found, unsaid)
        if issue is not None:
            memories[issue.id] = issue
        return RememberedTicket(
            ticket_id=draft.ticket.id,
            stamp=draft.stamp,
            memories=tuple(memories.values()),
            sentences=tuple(
                SentencePlace(
                    message_id=one.turn.message_id,
                    author_id=one.turn.speaker_id,
                    start=one.start,
                    stop=one.start + len(one.text),
                    digest=one.digest,
                )
                for one in draft.said
                if id(one) not in unsaid and not _is_never_kept(found.get(id(one), ()))
            ),
            contacts=contacts_of(
                draft.ticket.requester_id, draft.messages, draft.legs, draft.ticket.assignee_id
            ),
            never_kept=tuple(sorted(never_kept.items())),
        )

    def _issue_of(
        self, draft: _Draft, found: Mapping[int, list[Finding]], unsaid: Collection[int]
    ) -> StoredMemory | None:
        """The ticket's issue, without words that are private or not to be kept.

        Where something private was told, what is said of "him" or "her" goes on about it.
        """
        if draft.issue is None or draft.ticket.requester_id is None:
            return None
        opted_out = draft.ticket.requester_id in draft.wishes.opted_out
        told = [{finding.kind for finding in found.get(id(one), [])} for one in draft.said]
        grave = [
            policy.NEVER_KEPT_KIND in each or any(map(policy.is_sensitive, each)) for each in told
        ]
        private: set[str] = set()
        dropped: set[str] = set()
        for one, kinds, is_grave in zip(draft.said, told, grave, strict=True):
            by_customer = one.turn.role is Role.CUSTOMER
            if is_grave or (any(grave) and by_customer and _SOMEBODY.search(one.text)):
                private.add(one.text)
            if kinds if opted_out else id(one) in unsaid:
                dropped.add(one.text)
        memory = self._issue_memory(draft, draft.issue, private | dropped)
        title = memory.evidence[0]
        if title.message_id and any(one.startswith(title.quote) for one in dropped):
            return None
        return None if memory.id in draft.wishes.unwanted else memory

    def _customer_of(self, one: Said, draft: _Draft) -> str | None:
        """Words are their author's; an agent's note is about the requester."""
        if one.turn.role is Role.CUSTOMER:
            return one.turn.speaker_id
        return draft.ticket.requester_id if one.noted else None

    def _owed(self, draft: _Draft, found: Mapping[int, list[Finding]]) -> Iterable[StoredMemory]:
        """What the ticket leaves to be done or cleared for its requester."""
        customer = draft.ticket.requester_id
        gone = draft.ticket.status == Status.DELETED.value
        if customer is None or gone or customer in draft.wishes.opted_out:
            return
        kinds = {
            one.text: {finding.kind for finding in found[id(one)]}
            for one in draft.said
            if found.get(id(one))
        }
        for one in owed_in(draft.ticket, draft.messages, self._zone):
            told = {kind for text in kinds if text in one.quote for kind in kinds[text]}
            if policy.NEVER_KEPT_KIND in told:
                continue
            opens = one.turn.message_id == draft.messages[0].id
            source = DESCRIPTION if opens else one.turn.message_id
            yield StoredMemory(
                id=memory_id(
                    self._account.name, one.kind, one.turn.ticket_id, source, one.quote, one.code
                ),
                customer_id=customer,
                ticket_id=one.turn.ticket_id,
                kind=one.kind,
                relation=None,
                said_at=one.turn.at,
                about_on=one.about_on,
                confidence=CONFIDENCE,
                sensitive=any(map(policy.is_sensitive, told)) or policy.sensitive_words(one.quote),
                evidence=one.evidence,
                code=one.code,
            )

    def _issue_memory(self, draft: _Draft, issue: Issue, private: set[str]) -> StoredMemory:
        ticket = draft.ticket
        return StoredMemory(
            id=memory_id(self._account.name, "issue", ticket.id, "", issue.title, ""),
            customer_id=ticket.requester_id,
            ticket_id=ticket.id,
            kind="issue",
            relation=None,
            said_at=ticket.created_at,
            about_on=None,
            confidence=1.0,
            sensitive=issue.title in private or policy.sensitive_words(issue.title),
            evidence=tuple(
                part for part in issue.evidence if part.part == "title" or part.quote not in private
            ),
            code=issue.outcome,
            vector=draft.issue_digest,
        )


def _is_never_kept(findings: Iterable[Finding]) -> bool:
    return any(finding.kind == policy.NEVER_KEPT_KIND for finding in findings)
