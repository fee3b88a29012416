"""What a ticket was about and how it ended, in words that stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memory import policy
from memory.entities import Role, Status
from memory.record.remembered import Evidence
from memory.text.sentences import split, spoken
from memory.text.unkept import IS_TAKEN_OUT
from memory.words import expressions, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from memory.record.stored import Stored
    from memory.remembering.turns import Turn

LONGEST_TITLE = 80
LONGEST_QUOTE = 240
_LATEST_REPLIES = 4
_FEWEST_WORDS = 4
_FEWEST_WORDS_OF_DETAIL = 2
_DETAILS = 2

_EMPTY_SUBJECT = re.compile(
    r"^(?:re:|fwd?:|\s)*(?:$|(?:in|out)bound call|(?:incoming |missed |abandoned |outbound )?"
    r"(?:phone )?call (?:from|with|to)|voicemail (?:from|left)|conversation with|chat with|"
    r"untitled|no subject|\(no subject\)|\[(?:never|not) kept\]|\+?[\d\s().-]+$)",
    re.IGNORECASE,
)
_SMALL_TALK = re.compile(
    r"^\W*(?:hi|hiya|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|thanks?|"
    r"thank you|hola|buen[oa]s|hallo|guten|bonjour|my name is|i hope|"
    r"this is (?!not\b|no\b|an?\b|the\b|my\b|about\b|still\b|getting\b))\b[^.!?]{0,40}[.!?,]?\W*$|"
    r"^\W*(?:yes|no|ok(?:ay)?|sure)(?:\W+(?:thanks?|please|sure|of course|that'?s|it'?s|i'?m)\b"
    r"[^.!?]{0,30})?\W*$|"
    r"^\W*is (?!there\b)\w+(?: \w+)? (?:there|in)(?: (?:today|now|please))?\W*$|"
    r"^\W*(?:can i|could i|may i|puedo)\b[^.!?]{0,40}\b(?:speak|talk|hablar)\b",
    re.IGNORECASE,
)
_RESOLVING = re.compile(
    r"\b(?:i(?:'ve| have)|we(?:'ve| have)|i(?:'ll| will)|refunded|replaced|fixed|resolved|booked|"
    r"scheduled|sent|set up|activated|cancell?ed|credited|changed|updated|reset|arranged|"
    r"confirmed|repaired|exchanged|corrected|installed|mended|cleaned|removed|waived|shipped|"
    r"switched|restored|cleared|linked|re-?paired|solved|all done|duplicate|merged|"
    r"hemos|he |wir haben|ich habe|nous avons)\b",
    re.IGNORECASE,
)
_FIXED = re.compile(
    r"\b(?:fixed|resolved|solved|repaired|mended|replaced|corrected|works? (?:again|now)|all done|"
    r"behoben|repariert|resuelto|arreglado|solucionado|résolu|réparé)\b",
    re.IGNORECASE,
)
_ANY_WORDS = re.compile(
    r"^(?!\W*(?:(?:i am|i'm|we are) (?:very |so |really )?sorry|(?:very )?sorry|apologies|"
    r"you(?:'re| are) (?:very )?welcome|a pleasure|thanks?|thank you)\b[^,.!?]{0,40}[.!?]*$)"
    r"\W*(?:\w+\W+){2}\w",
    re.IGNORECASE,
)
_TONES = {part: re.compile(words) for part, words in expressions("tone")}
_LAST_WORDS = 2
_REPLY = re.compile(r"\s*(?:re|aw|fwd?|wg|rv|tr)\s*:", re.IGNORECASE)


def is_reply(subject: str) -> bool:
    """Whether a subject was written for another message than this ticket's first."""
    return _REPLY.match(subject) is not None


@dataclass(frozen=True, slots=True)
class Issue:
    """One ticket's issue: evidence by part, with `title` first, and how it ended.

    The parts are the title, the customer's `restatement` with up to two sentences of `detail`,
    the agent's `resolution`, or else the `answer` that was the last, and the words with which the
    customer left `pleased` or `displeased`.

    Only the title may speak of something sensitive: it is the ticket's subject and cannot be
    chosen. The others are chosen among sentences that do not.
    """

    outcome: str
    evidence: tuple[Evidence, ...]

    @property
    def title(self) -> str:
        """What it is called: its subject, or the customer's own words where that says nothing."""
        return self.evidence[0].quote

    @property
    def text(self) -> str:
        """What is embedded, so that like issues are found: what was said first, the title last.

        A title alone can stand over anything ("Question", "Password reset"), and a resolution
        tells problems apart that are told alike.
        """
        title, *others = self.evidence
        words = [one.quote for one in others if one.part not in _TONES]
        restated = any(one.part == "restatement" for one in others)
        if not restated or not (title.message_id or is_reply(title.quote)):
            words.append(title.quote)
        return spoken("customer", ". ".join(one.rstrip(". ") for one in words))


def issue_of(ticket: Stored, turns: Sequence[Turn]) -> Issue | None:
    """Find a ticket's issue, or None when no word of it says what it was.

    Args:
        ticket: A row of `queries.tickets`.
        turns: Everything said on it, in order.
    """
    turns = _without_strangers(ticket, turns)
    said = _said_of_it(turns)
    restatement = next((one for one in said if one.part == "restatement"), None)
    title = _title(ticket, restatement)
    if title is None:
        return None
    solved = ticket.status in {Status.SOLVED.value, Status.CLOSED.value}
    resolution = _reply("resolution", turns, _RESOLVING) if solved else None
    reply = resolution or _reply("answer", turns, _FIXED) or _reply("answer", turns, _ANY_WORDS)
    return Issue(
        outcome="solved" if solved else "open",
        evidence=(title, *said, *((reply,) if reply is not None else ()), *_left(turns)),
    )


def _without_strangers(ticket: Stored, turns: Sequence[Turn]) -> Sequence[Turn]:
    """What was said without other customers' words, where the requester has said something.

    Where they have not, it was said under an id that has become theirs.
    """
    theirs = [turn for turn in turns if turn.speaker_id == ticket.requester_id]
    if not any(turn.role is Role.CUSTOMER for turn in theirs):
        return turns
    return [turn for turn in turns if turn.role is not Role.CUSTOMER or turn in theirs]


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


def _said_of_it(turns: Sequence[Turn]) -> list[Evidence]:
    """What the customer said of it, else the agents' notes: a restatement, and details.

    The restatement is the first sentence that says something; a detail may be shorter.
    """
    alone: list[Evidence] = []
    for wanted in (Role.CUSTOMER, Role.AGENT):
        told = list(_telling(turns, wanted))
        lengths = [len(words.split()) for _, words in told]
        first = next((at for at, words in enumerate(lengths) if words >= _FEWEST_WORDS), None)
        others = [one for at, one in enumerate(told) if at != first]
        details = [_said("detail", turn, words) for turn, words in others[:_DETAILS]]
        if first is not None:
            return [_said("restatement", *told[first]), *details]
        alone = alone or details
    return alone


def _telling(turns: Sequence[Turn], wanted: Role) -> Iterator[tuple[Turn, str]]:
    """Sentences of customers, or of agents' notes, that are more than small talk."""
    for turn in turns:
        if turn.role is not wanted or (wanted is Role.AGENT and turn.public):
            continue
        for span in split(turn.text):
            if len(span.text.split()) < _FEWEST_WORDS_OF_DETAIL or _SMALL_TALK.match(span.text):
                continue
            if IS_TAKEN_OUT.fullmatch(span.text):
                continue
            if not policy.sensitive_words(span.text):
                yield turn, span.text


def _reply(part: str, turns: Sequence[Turn], telling: re.Pattern[str]) -> Evidence | None:
    """The latest reply's first sentence that tells how it ended."""
    replies = [turn for turn in turns if turn.role is Role.AGENT and turn.public]
    for turn in reversed(replies[-_LATEST_REPLIES:]):
        for span in split(turn.text):
            if telling.search(span.text) and not policy.sensitive_words(span.text):
                return _said(part, turn, span.text)
    return None


def _left(turns: Sequence[Turn]) -> Iterator[Evidence]:
    """The last words of the customer that say how they left; displeasure before thanks."""
    own = [turn for turn in turns if turn.role is Role.CUSTOMER]
    last = [(turn, span.text) for turn in own[-_LAST_WORDS:] for span in split(turn.text)]
    for part, words in _TONES.items():
        for turn, text in reversed(last):
            if words.search(fold(text)) and not policy.sensitive_words(text):
                yield _said(part, turn, text)
                return


def _said(part: str, turn: Turn, words: str) -> Evidence:
    quote = _shorten(words, LONGEST_QUOTE)
    return Evidence(part, turn.ticket_id, turn.message_id, quote, turn.speaker_id)


def _shorten(words: str, longest: int) -> str:
    """The beginning of `words`, cut at a space, so that it still stands in its message."""
    if len(words) <= longest:
        return words
    cut = words[:longest]
    return cut.rpartition(" ")[0] or cut
