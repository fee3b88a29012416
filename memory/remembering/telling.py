"""What one sentence gives to remember: personal matters, who is asked for, how a name is said."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from memory import policy
from memory.entities import DESCRIPTION, OVER, SPOKEN_NAME, Role
from memory.record.remembered import Evidence, StoredMemory
from memory.remembering.pronunciation import pronunciation_in
from memory.text.dates import days_in
from memory.words import expressions, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, tzinfo

    from memory.remembering.personal import Finding
    from memory.remembering.requests import AgentNames
    from memory.remembering.turns import Turn
    from memory.text.dates import Day

_TURNS: Final = [(code, re.compile(words)) for code, words in expressions("turns_of_life")]
_CODED: Final = {"life_event": ("moved", "renamed"), "work": ("retired", "job")}
_ENDING: Final = frozenset({"health", "hardship", "family_care", "feeling"})
_DATED: Final = frozenset(
    {"health", "bereavement", "family_care", "hardship", "life_event", "work", "interest"}
)
_BOUND: Final = r"(?:until|till?|through|by|since|before|after|from)\b"
_BOUNDED: Final = re.compile(_BOUND, re.IGNORECASE)
_BOUND_BEFORE: Final = re.compile(rf"\b{_BOUND}(?: the)?\s*$", re.IGNORECASE)
_STRETCH: Final = re.compile(r"\b(?:week|month|year|weekend)s?\b", re.IGNORECASE)
_WEEKDAY: Final = re.compile(
    r"(?:on )?\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b", re.IGNORECASE
)
_HAPPENED: Final = re.compile(
    r"\b(?:was|were|had|got|died|passed|born|came|went|arrived|married|retired|moved|started|lost)\b",
    re.IGNORECASE,
)
_AHEAD: Final = re.compile(
    r"\b(?:will|won't|going to|gonna|shall|is|are|i'm|we're|next|coming)\b|'ll\b", re.IGNORECASE
)
_WEEK: Final = timedelta(days=7)
_ASKING: Final = frozenset({"contact_rule", "preference", "access_need"})


@dataclass(slots=True)
class Said:
    """One embedded sentence.

    Attributes:
        opens: Whether it stands in the ticket's first message.
    """

    turn: Turn
    start: int
    text: str
    spoken: str
    digest: bytes
    opens: bool

    @property
    def noted(self) -> bool:
        """Whether an agent wrote it for other agents."""
        return self.turn.role is Role.AGENT and not self.turn.public


def memory_id(account: str, *parts: str) -> str:
    """The same memory has the same id in every record of the account, built when it may."""
    text = "\0".join((account, *parts))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


class Telling:
    """Turns the sentences of one account into memories.

    Args:
        account: The account's name.
        names: What its agents are called.
        zone: Whose "Thursday" it is.
    """

    def __init__(self, account: str, names: AgentNames, zone: tzinfo) -> None:
        self._account = account
        self._names = names
        self._zone = zone

    def memories(
        self, one: Said, customer: str, findings: Sequence[Finding]
    ) -> Iterator[StoredMemory]:
        """What a sentence gives to remember of a customer."""
        asks = any(finding.kind in _ASKING for finding in findings)
        for finding in findings:
            yield self._memory(
                one,
                customer,
                finding.kind,
                relation=finding.relation,
                confidence=finding.confidence,
                code=_code(finding.kind, one.text),
                about_on=None if asks else self._about_on(one, finding.kind),
            )
        own = one.turn.speaker_id if one.noted else None
        for request in self._names.find(one.text, me=own):
            yield self._memory(
                one, customer, "agent_request", confidence=request.confidence, code=request.code
            )
        name = pronunciation_in(one.text)
        if name is not None:
            yield self._memory(
                one, customer, SPOKEN_NAME, relation="self", confidence=1.0, code=name
            )

    def _about_on(self, one: Said, kind: str) -> date | None:
        """The day a matter is about: the only one that its sentence names as its day.

        "Until Saturday" and "this month" are stretches of time; what "was on Sunday" was on the
        last one.
        """
        if kind not in _DATED:
            return None
        happened = _HAPPENED.search(one.text) is not None and not _AHEAD.search(one.text)
        days = {
            day.on - _WEEK
            if happened and day.ahead and _WEEKDAY.fullmatch(one.text[day.start : day.stop])
            else day.on
            for day in days_in(one.text, one.turn.at, self._zone)
            if not _is_stretch(one.text, day)
        }
        return days.pop() if len(days) == 1 else None

    def _memory(
        self,
        one: Said,
        customer: str,
        kind: str,
        *,
        confidence: float,
        relation: str | None = None,
        code: str | None = None,
        about_on: date | None = None,
    ) -> StoredMemory:
        turn = one.turn
        # The stand-in for a ticket's first text gives way to the message itself: one source.
        source = DESCRIPTION if one.opens else turn.message_id
        said = Evidence("said", turn.ticket_id, turn.message_id, one.text, turn.speaker_id)
        return StoredMemory(
            id=memory_id(self._account, kind, turn.ticket_id, source, one.text, code or ""),
            customer_id=customer,
            ticket_id=turn.ticket_id,
            kind=kind,
            relation=relation,
            said_at=turn.at,
            about_on=about_on,
            confidence=round(confidence, 2),
            sensitive=policy.is_sensitive(kind),
            evidence=(said,),
            code=code,
        )


def _is_stretch(text: str, day: Day) -> bool:
    """Whether the words stand for more than a day, or for what it ends or begins.

    "Friday next week" is a day of its week.
    """
    before, words = text[: day.start], text[day.start : day.stop]
    bound = _BOUND_BEFORE.search(before) or _BOUNDED.match(words)
    return bool(bound or (_STRETCH.search(words) and not _WEEKDAY.search(words)))


def _code(kind: str, text: str) -> str | None:
    """What is needed, or which turn a life has taken; of most matters nothing."""
    if kind in {"access_need", "contact_rule"}:
        return policy.need_of(text)
    wanted = (OVER,) if kind in _ENDING else _CODED.get(kind, ())
    folded = fold(text) if wanted else ""
    return next((code for code, words in _TURNS if code in wanted and words.search(folded)), None)
