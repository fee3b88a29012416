"""Puts together what a ticket gives to remember, and leaves out what is not to be."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from memory import policy
from memory.entities import DESCRIPTION, Role, Status
from memory.record.remembered import RememberedTicket, SentencePlace, StoredMemory
from memory.remembering.contacts import contacts_of
from memory.remembering.issues import LONGEST_QUOTE
from memory.remembering.owed import CONFIDENCE, owed_in
from memory.remembering.taking_out import to_take_out
from memory.remembering.telling import memory_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import tzinfo

    from memory.record.stored import Stored
    from memory.record.wishes import Wishes
    from memory.remembering.issues import Issue
    from memory.remembering.personal import Finding
    from memory.remembering.telling import Said, Telling
    from memory.remembering.turns import Turn

    Found = Mapping[int, list[Finding]]
    """What was found in each sentence, by its `id()`."""

_SOMEBODY: Final = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.IGNORECASE)


@dataclass(slots=True)
class Draft:
    """A ticket on its way to being remembered.

    Attributes:
        wishes: What is not to be remembered of it.
        turns: All that was said on it.
        said: The sentences of it that are listened to.
        unwanted_notes: Notes of ours on it that are not wanted, as they stand in the helpdesk.
        never_kept: How many sentences of each customer were taken out before they were stored.
    """

    ticket: Stored
    stamp: str
    messages: list[Stored]
    legs: Mapping[str, list[Stored]]
    wishes: Wishes
    turns: list[Turn] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    unwanted_notes: list[Stored] = field(default_factory=list)
    issue: Issue | None = None
    issue_digest: bytes | None = None
    never_kept: Counter[str] = field(default_factory=Counter)

    def customer_of(self, turn: Turn) -> str | None:
        """Words are their author's; an agent's note is about the requester."""
        if turn.role is Role.CUSTOMER:
            return turn.speaker_id
        is_note = turn.role is Role.AGENT and not turn.public
        return self.ticket.requester_id if is_note else None

    def count_never_kept(self, turn: Turn) -> None:
        """Count a sentence of which nothing is left but that it was there."""
        customer = self.customer_of(turn)
        if customer is not None and not self.wishes.silence(customer, turn.at):
            self.never_kept[customer] += 1


class Building:
    """What tickets of one account give to remember."""

    def __init__(self, account: str, telling: Telling, zone: tzinfo, found: Found) -> None:
        """Nothing is built yet.

        Args:
            account: The account's name.
            telling: Turns sentences into memories.
            zone: Whose "Friday" it is.
            found: What the head found in the sentences of these tickets.
        """
        self._account = account
        self._telling = telling
        self._zone = zone
        self._found = found

    def remembered(self, draft: Draft) -> RememberedTicket:
        """All that one ticket gives to remember."""
        memories, unsaid, unwanted = self._told(draft)
        for memory in self._owed(draft):
            if draft.wishes.keep(memory.id, memory.kind):
                if draft.wishes.keep_still(memory.kind, memory.said_at):
                    memories.setdefault(memory.id, memory)
            else:
                quote = memory.evidence[0].quote
                unwanted += [one for one in draft.said if one.text == quote]
        unsaid.update(id(one) for one in unwanted)
        issue = self._issue(draft, unsaid)
        if issue is not None:
            memories[issue.id] = issue
        never_kept = draft.never_kept.copy()
        for one in draft.said:
            customer = draft.customer_of(one.turn)
            if customer is not None and self._is_never_kept(one) and id(one) not in unsaid:
                never_kept[customer] += 1
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
                if id(one) not in unsaid and not self._is_never_kept(one)
            ),
            contacts=contacts_of(
                draft.ticket.requester_id, draft.messages, draft.legs, draft.ticket.assignee_id
            ),
            never_kept=tuple(sorted(never_kept.items())),
            to_take_out=to_take_out(
                draft, [one for one in draft.said if self._is_never_kept(one)], unwanted
            ),
            without_subject=not draft.wishes.keep_words(draft.ticket.subject),
        )

    def _told(self, draft: Draft) -> tuple[dict[str, StoredMemory], set[int], list[Said]]:
        """The personal memories of a ticket.

        With them which of its sentences are not to be found, by `id()`, and of those the ones that
        are not wanted at all.
        """
        wishes = draft.wishes
        memories: dict[str, StoredMemory] = {}
        unsaid: set[int] = set()
        unwanted: list[Said] = []
        for one in draft.said:
            if not wishes.keep_words(one.text):
                unwanted.append(one)
            customer = draft.customer_of(one.turn)
            if customer is None:
                continue
            findings = self._found.get(id(one), [])
            if wishes.silence(customer, one.turn.at):
                unsaid.add(id(one))
                unwanted += [one] if findings else []
                continue
            if self._is_never_kept(one):
                continue
            told = list(self._telling.memories(one, customer, findings))
            wanted = [memory for memory in told if wishes.keep(memory.id, memory.kind)]
            kept = [memory for memory in wanted if wishes.keep_still(memory.kind, memory.said_at)]
            if len(wanted) < len(told):
                unwanted.append(one)
            elif told and not kept:
                unsaid.add(id(one))
            for memory in kept:
                memories.setdefault(memory.id, memory)
        return memories, unsaid, unwanted

    def _is_never_kept(self, one: Said) -> bool:
        return any(
            finding.kind == policy.NEVER_KEPT_KIND for finding in self._found.get(id(one), ())
        )

    def _issue(self, draft: Draft, unsaid: Collection[int]) -> StoredMemory | None:
        """The ticket's issue, without words that are private or not to be kept.

        Where something private was told, what is said of "him" or "her" goes on about it. Once
        words are taken out that are not to be kept, nobody finds it by its vector: they speak in
        that as well.
        """
        if draft.issue is None or draft.ticket.requester_id is None:
            return None
        private, dropped = self._hidden(draft, unsaid)
        title = draft.issue.evidence[0]
        if title.message_id and _stands_in(title.quote, dropped, exactly=False):
            return None
        if not draft.wishes.keep_words(title.quote):
            return None
        memory = self._issue_memory(draft, draft.issue, private, dropped)
        return None if memory.id in draft.wishes.unwanted else memory

    def _hidden(self, draft: Draft, unsaid: Collection[int]) -> tuple[set[str], set[str]]:
        """The sentences of a ticket that are private, and those that are not to be kept."""
        opted_out = draft.ticket.requester_id in draft.wishes.opted_out
        told = [{one.kind for one in self._found.get(id(said), [])} for said in draft.said]
        grave = [
            policy.NEVER_KEPT_KIND in each or any(map(policy.is_sensitive, each)) for each in told
        ]
        is_grave = any(grave) or bool(draft.never_kept)
        private: set[str] = set()
        dropped: set[str] = set()
        for one, kinds, it_is in zip(draft.said, told, grave, strict=True):
            by_customer = one.turn.role is Role.CUSTOMER
            if it_is or (is_grave and by_customer and _SOMEBODY.search(one.text)):
                private.add(one.text)
            if policy.NEVER_KEPT_KIND in kinds or (kinds if opted_out else id(one) in unsaid):
                dropped.add(one.text)
        return private, dropped

    def _owed(self, draft: Draft) -> Iterator[StoredMemory]:
        """What the ticket leaves to be done or cleared for its requester."""
        customer = draft.ticket.requester_id
        if customer is None or draft.ticket.status == Status.DELETED.value:
            return
        kinds = {
            one.text: {finding.kind for finding in self._found[id(one)]}
            for one in draft.said
            if self._found.get(id(one))
        }
        for one in owed_in(draft.ticket, draft.messages, self._zone):
            told = {kind for text in kinds if text in one.quote for kind in kinds[text]}
            left_out = policy.NEVER_KEPT_KIND in told or told & draft.wishes.not_kept
            silent = draft.wishes.silence(customer, one.turn.at)
            if left_out or silent or not draft.wishes.keep_words(one.quote):
                continue
            opens = one.turn.message_id == draft.messages[0].id
            source = DESCRIPTION if opens else one.turn.message_id
            yield StoredMemory(
                id=memory_id(
                    self._account, one.kind, one.turn.ticket_id, source, one.quote, one.code
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

    def _issue_memory(
        self, draft: Draft, issue: Issue, private: set[str], dropped: set[str]
    ) -> StoredMemory:
        ticket = draft.ticket
        parts = [x for x in issue.evidence if x.part == "title" or x.quote not in private]
        kept = [x for x in parts if x.part == "title" or not _stands_in(x.quote, dropped)]
        return StoredMemory(
            id=memory_id(self._account, "issue", ticket.id, "", issue.title, ""),
            customer_id=ticket.requester_id,
            ticket_id=ticket.id,
            kind="issue",
            relation=None,
            said_at=ticket.created_at,
            about_on=None,
            confidence=1.0,
            sensitive=issue.title in private or policy.sensitive_words(issue.title),
            evidence=tuple(kept),
            code=issue.outcome,
            vector=draft.issue_digest
            if not any(_stands_in(x.quote, dropped) for x in issue.evidence)
            else None,
        )


def _stands_in(quote: str, sentences: Iterable[str], *, exactly: bool = True) -> bool:
    """Whether a quote is one of these sentences, or the beginning to which a long one was cut."""
    return any(
        one == quote or ((not exactly or len(one) > LONGEST_QUOTE) and one.startswith(quote))
        for one in sentences
    )
