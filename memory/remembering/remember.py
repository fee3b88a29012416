"""Drains the outbox: tickets become sentences, vectors, memories and contact time.

What is remembered of a ticket depends on nothing but what the record says of it, so any order of
work, and any number of interruptions, ends in the same memories.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC
from types import MappingProxyType
from typing import TYPE_CHECKING

from memory.entities import Role, Status
from memory.record import callers, issues, queries
from memory.record.notes import MARKER, own_notes
from memory.record.remembered import (
    store_remembered,
)
from memory.record.wishes import wishes
from memory.remembering.building import Building, Draft
from memory.remembering.embedding import Embedded, embed, missing
from memory.remembering.issues import issue_of
from memory.remembering.requests import AgentNames
from memory.remembering.taking_out import is_unwanted_note
from memory.remembering.telling import Said, Telling
from memory.remembering.tokens import TokenPooling
from memory.remembering.turns import turns_of
from memory.text import sentences
from memory.text.automatic import is_auto_reply
from memory.text.unkept import IS_NEVER_KEPT, IS_TAKEN_OUT
from memory.text.vectors import digest, from_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    import sqlalchemy as sa

    from memory.record import Account, Record
    from memory.record.stored import Stored
    from memory.remembering.building import Found
    from memory.remembering.personal import Head
    from memory.remembering.turns import Turn
    from memory.text.encoder import Encoder

BATCH = 48
_FEWEST_WORDS = 2


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
        days_kept: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Nothing is remembered yet.

        Args:
            record: Where tickets come from and memories go.
            account: Whose.
            encoder: Embeds sentences.
            head: Finds personal matters in them.
            zone: What "Friday" means.
            days_kept: For how many days the settings keep each kind; 0, or none, is for good.
        """
        self._record = record
        self._account = account
        self.encoder = encoder
        self.head = head
        self._zone = zone
        self._days_kept = days_kept
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
        build = Building(self._account.name, telling, self._zone, self._found(drafts, embedded))
        remembered = [build.remembered(draft) for draft in drafts]
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

    def _drafts(self, connection: sa.Connection, stamps: dict[str, str]) -> list[Draft]:
        number = self._account.number
        by_ticket: dict[str, list[Stored]] = defaultdict(list)
        messages = queries.messages_of_tickets(connection, number, sorted(stamps))
        known_here = own_notes(connection, number, messages)
        unwanted: dict[str, list[Stored]] = defaultdict(list)
        for row in messages:
            is_wanted = known_here.get((row.ticket_id, row.id))
            if is_wanted is None:
                by_ticket[row.ticket_id].append(row)
            elif not is_wanted:
                unwanted[row.ticket_id].append(row)
        legs: dict[str, list[Stored]] = defaultdict(list)
        for row in callers.legs_of_tickets(connection, number, sorted(stamps)):
            legs[row.call_id].append(row)
        wished = wishes(connection, number, self._days_kept)
        drafts = []
        for ticket in queries.tickets(connection, number, sorted(stamps)):
            draft = Draft(ticket, stamps[ticket.id], by_ticket[ticket.id], legs, wished)
            draft.unwanted_notes = unwanted[ticket.id]
            if ticket.status != Status.DELETED.value:
                self._listen(draft)
            drafts.append(draft)
        return drafts

    def _listen(self, draft: Draft) -> None:
        turns = self._turns(draft)
        for turn in turns:
            if turn.role is Role.OTHER:
                continue
            for span in sentences.split(turn.text):
                if IS_NEVER_KEPT.fullmatch(span.text):
                    draft.count_never_kept(turn)
                if IS_TAKEN_OUT.fullmatch(span.text):
                    continue
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

    def _turns(self, draft: Draft) -> list[Turn]:
        """What was said on a ticket, without what nobody wrote; the draft is given all of it."""
        turns: list[Turn] = []
        for message in draft.messages:
            if is_unwanted_note(draft, message):
                draft.unwanted_notes.append(message)
                continue
            told = list(turns_of(message, draft.ticket.requester_id))
            draft.turns += told
            if message.channel == "voice" or not is_auto_reply(message.text):
                turns += told
        return turns

    def _found(self, drafts: Sequence[Draft], embedded: Embedded) -> Found:
        """What the head finds in what customers said and agents noted."""
        said = [
            one
            for draft in drafts
            for one in draft.said
            if one.turn.role is Role.CUSTOMER or one.noted
        ]
        if not said:
            return {}
        findings = self.head.find(
            [one.text for one in said],
            from_bytes([embedded.vectors[one.digest] for one in said]),
            TokenPooling.from_bytes([embedded.readings.get(one.digest, b"") for one in said]),
            [one.turn.voice for one in said],
        )
        return {id(one): each for one, each in zip(said, findings, strict=True)}
