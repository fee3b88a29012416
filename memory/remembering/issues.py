"""What a ticket was about and how it ended, in words that stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memory import policy
from memory.entities import Role, Status
from memory.record.remembered import Evidence
from memory.text.sentences import split

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from memory.record.stored import Stored
    from memory.remembering.turns import Turn

LONGEST_TITLE = 80
_LONGEST_QUOTE = 240
_LATEST_REPLIES = 4
_FEWEST_WORDS = 4

_EMPTY_SUBJECT = re.compile(
    r"^(?:re:|fwd?:|\s)*(?:$|(?:in|out)bound call|(?:incoming |missed |abandoned |outbound )?"
    r"(?:phone )?call (?:from|with|to)|voicemail (?:from|left)|conversation with|chat with|"
    r"untitled|no subject|\(no subject\)|\+?[\d\s().-]+$)",
    re.IGNORECASE,
)
_SMALL_TALK = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|thanks?|"
    r"thank you|yes|no|ok(?:ay)?|sure|hola|buen[oa]s|hallo|guten|bonjour|my name is|"
    r"this is|i hope)\b[^.!?]{0,40}[.!?,]?\W*$|"
    r"^\W*(?:is|can i|could i|may i|puedo)\b[^.!?]{0,40}\b(?:there|in|speak|talk|hablar)\b",
    re.IGNORECASE,
)
_RESOLVING = re.compile(
    r"\b(?:i(?:'ve| have)|we(?:'ve| have)|i(?:'ll| will)|refunded|replaced|fixed|resolved|booked|"
    r"scheduled|sent|set up|activated|cancell?ed|credited|changed|updated|reset|arranged|"
    r"confirmed|hemos|he |wir haben|ich habe|nous avons)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Issue:
    """One ticket's issue: evidence by part, with `title` first, and how it ended.

    Only the title may speak of something sensitive: it is the ticket's subject and cannot be
    chosen. Restatement and resolution are chosen among sentences that do not.
    """

    outcome: str
    evidence: tuple[Evidence, ...]

    @property
    def title(self) -> str:
        """What it is called: its subject, or the customer's own words where that says nothing."""
        return self.evidence[0].quote

    @property
    def text(self) -> str:
        """What is embedded, so that like issues are found."""
        restated = [one.quote for one in self.evidence if one.part == "restatement"]
        return ". ".join([self.title, *restated])


def issue_of(ticket: Stored, turns: Sequence[Turn]) -> Issue | None:
    """Find a ticket's issue, or None when no word of it says what it was.

    Args:
        ticket: A row of `queries.tickets`.
        turns: Everything said on it, in order.
    """
    said = list(_restatements(turns))
    restatement = said[0] if said else None
    title = _title(ticket, restatement)
    if title is None:
        return None
    solved = ticket.status in {Status.SOLVED.value, Status.CLOSED.value}
    resolution = _resolution(turns) if solved else None
    parts = [title, restatement, resolution]
    return Issue(
        outcome="solved" if solved else "open",
        evidence=tuple(part for part in parts if part is not None),
    )


def _title(ticket: Stored, restatement: Evidence | None) -> Evidence | None:
    subject = " ".join(ticket.subject.split())
    if not _EMPTY_SUBJECT.match(subject):
        return Evidence("title", ticket.id, "", _shorten(subject, LONGEST_TITLE))
    if restatement is None:
        return None
    return Evidence(
        "title",
        ticket.id,
        restatement.message_id,
        _shorten(restatement.quote, LONGEST_TITLE),
        restatement.author_id,
    )


def _restatements(turns: Sequence[Turn]) -> Iterator[Evidence]:
    """The customer's sentences that say something, first to last; else the agents' notes'."""
    for wanted in (Role.CUSTOMER, Role.AGENT):
        for turn in turns:
            if turn.role is not wanted or (wanted is Role.AGENT and turn.public):
                continue
            for span in split(turn.text):
                words = len(span.text.split())
                if words < _FEWEST_WORDS or _SMALL_TALK.match(span.text):
                    continue
                if not policy.sensitive_words(span.text):
                    yield _said("restatement", turn, span.text)


def _resolution(turns: Sequence[Turn]) -> Evidence | None:
    replies = [turn for turn in turns if turn.role is Role.AGENT and turn.public]
    for turn in reversed(replies[-_LATEST_REPLIES:]):
        for span in split(turn.text):
            if _RESOLVING.search(span.text) and not policy.sensitive_words(span.text):
                return _said("resolution", turn, span.text)
    return None


def _said(part: str, turn: Turn, words: str) -> Evidence:
    quote = _shorten(words, _LONGEST_QUOTE)
    return Evidence(part, turn.ticket_id, turn.message_id, quote, turn.speaker_id)


def _shorten(words: str, longest: int) -> str:
    """The beginning of `words`, cut at a space, so that it still stands in its message."""
    if len(words) <= longest:
        return words
    cut = words[:longest]
    return cut.rpartition(" ")[0] or cut
