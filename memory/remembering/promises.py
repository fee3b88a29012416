"""What agents promise a customer: to call, send, refund, visit, tell, or do something.

A promise is a future with somebody of ours as its subject and the customer as its object. Offers,
conditions, refusals, what customers say that they will do or were promised, our own housekeeping
and what is done while they talk are none. The rules know English, private shorthand included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

from memory.remembering.standing import promised_by
from memory.text.dates import days_in
from memory.words import expressions, straight

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime, tzinfo

    from memory.text.dates import Day

What = Literal["call", "send", "refund", "visit", "tell", "do"]

_WORDS: Final = dict(expressions("promises"))
_THEM: Final = {False: "(?:you|u|ya)", True: r"(?:him|her|them|cust(?:omer)?|cx|clr|caller|client)"}
_THEY: Final = {False: "(?:you|u)", True: r"(?:he|she|they|cust(?:omer)?|cx|clr|caller|client)"}
_LONGEST_GAP: Final = 140
_JOTTED: Final = frozenset({"call", "send", "tell"})
"""What a note jots down without any "will" when it is still to be done."""

_CLAUSE = re.compile(
    r"(?:^|[.,;:&+(]|\s-|\b(?:and|then))\s*"
    r"(?P<will>will |i'?ll |i will |we'?ll |i'?m |i am |am |to |must |need to |gotta )?",
    re.IGNORECASE,
)
_PROMISED = re.compile(r"(?<!as )\bpromised\b(?! (?:him|her|them)sel)", re.IGNORECASE)
_OF_CUSTOMER = re.compile(r"\s*(?:cust\w*|cx|clr|caller|client|he|she|they)\b", re.IGNORECASE)
"""How a note begins of which the customer may be the subject to the end: "cx driving, will cb"."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What a sentence promises.

    Attributes:
        due_on: The day by which; None where none was named.
        what: To call, to send something, to pay back, to come, to tell, or to do something else.
        promised_by: The colleague who promised, where a note names one.
    """

    due_on: date | None
    what: What
    promised_by: str | None = None


class _Act(NamedTuple):
    """Something to be done for the customer, and where its words are.

    Attributes:
        dated: Whether it is a promise only with a day.
        itself: Whether it needs no "will" in front.
    """

    what: What
    start: int
    dated: bool
    itself: bool


def _compiled(expression: str, *, note: bool) -> re.Pattern[str]:
    whole = expression.replace("THEM", _THEM[note]).replace("THEY", _THEY[note])
    return re.compile(whole, re.IGNORECASE)


def _acts(*, note: bool) -> list[tuple[str, What, re.Pattern[str]]]:
    found = []
    for section, expression in _WORDS.items():
        kind, _, what = section.partition(" ")
        if kind in {"act", "dated", "itself", "dateditself"}:
            start = r"\b" if kind in {"act", "dated"} else ""
            pattern = _compiled(start + expression, note=note)
            found.append((kind, cast("What", what), pattern))
    return found


_ACTS: Final = {note: _acts(note=note) for note in (False, True)}
_NOUNS: Final = [
    (cast("What", section.partition(" ")[2]), re.compile(rf"\b{words}", re.IGNORECASE))
    for section, words in _WORDS.items()
    if section.startswith("noun ")
]
_RULE: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(_WORDS[name], re.IGNORECASE)
    for name in (
        *("will", "would", "we", "being", "no promise", "same talk", "harmless if", "condition"),
        *("not us", "not us in notes", "told"),
    )
}
_ONLY_ADVERBS: Final = re.compile(rf"(?:\s*{_WORDS['adverbs']}\b)*\s*", re.IGNORECASE)
_JOINED: Final = re.compile(
    rf"(?:.*\s|){_WORDS['joins']}\s*(?:(?:i |we )?will |i'll |we'll )?(?:{_WORDS['adverbs']}\s+)*",
    re.IGNORECASE | re.DOTALL,
)
_OTHERS_TURN = re.compile(
    r"^\s*(?:not|n't)\b|\b(?:you|u)(?:'ll| can| will| could| should| need| may| must| have)\b"
    r"|[;?!]",
    re.IGNORECASE,
)


def promise_in(
    sentence: str, said_at: datetime, zone: tzinfo, *, by_note: bool, then: date | None = None
) -> Promise | None:
    """What an agent's sentence promises the customer, or None.

    Args:
        sentence: An agent's words: a public reply, a turn of a call, a private note.
        said_at: When they were said; aware.
        zone: Whose "Friday" it is.
        by_note: Whether it is a private note, which speaks of the customer as "her" or "cust".
        then: The day that was spoken of just before, which is what "then" means.
    """
    plain = straight(sentence)
    found = list(_found(plain, note=by_note))
    if not found and not (by_note and _PROMISED.search(plain)):
        return None
    if _RULE["no promise"].search(plain) or _conditional(plain):
        return None
    days = [day for day in days_in(sentence, said_at, zone) if day.ahead]
    if not days and _RULE["same talk"].search(plain):
        return None
    if by_note and (match := _PROMISED.search(plain)):
        return Promise(_due(days, match.end()), _noun(plain[match.end() :]), promised_by(plain))
    dated = bool(days) or (then is not None and re.search(r"\bthen\b", plain) is not None)
    for act in sorted(found, key=lambda act: (act.dated, act.start)):
        if dated or not act.dated:
            return Promise(_due(days, act.start) or (then if dated else None), act.what)
    return None


def _conditional(sentence: str) -> bool:
    left = _RULE["harmless if"].sub(" ", sentence)
    return _RULE["condition"].search(left) is not None


def _due(days: list[Day], after: int) -> date | None:
    """The first day named behind the act, else the last before it."""
    behind = [day.on for day in days if day.start >= after]
    return behind[0] if behind else days[-1].on if days else None


def _noun(words: str) -> What:
    """What was promised, where it is named by a noun."""
    found = [(match.start(), what) for what, noun in _NOUNS if (match := noun.search(words))]
    return min(found)[1] if found else "send"


def _found(sentence: str, *, note: bool) -> Iterator[_Act]:
    """The acts of the sentence that are put forward as ours."""
    acts = [
        _Act(what, match.start(), kind.startswith("dated"), kind.endswith("itself"))
        for kind, what, pattern in _ACTS[note]
        for match in pattern.finditer(sentence)
    ]
    if not acts:
        return
    told = note and _RULE["told"].search(sentence) is not None
    wills = list(_wills(sentence, "will", note=note))
    if told:
        wills += [*_wills(sentence, "would", note=note), *_ends(sentence, "we")]
    being = _ends(sentence, "being")
    clauses = _clauses(sentence) if note else {}
    for act in acts:
        before = [sentence[end : act.start] for end in wills if end <= act.start]
        ours = (told or not note) if act.itself else any(map(_leads_to, before))
        if ours:
            yield act
        elif any(_ONLY_ADVERBS.fullmatch(sentence[end : act.start]) for end in being):
            yield act._replace(dated=True)
        elif act.start in clauses and (clauses[act.start] or act.what in _JOTTED):
            alone = not clauses[act.start] or _OF_CUSTOMER.match(sentence) is not None
            yield act._replace(dated=act.dated or alone)


def _ends(sentence: str, rule: str) -> list[int]:
    return [match.end() for match in _RULE[rule].finditer(sentence)]


def _wills(sentence: str, rule: str, *, note: bool) -> Iterator[int]:
    """Where a future of ours ends: not "you will", not "your bank will", not "cust will"."""
    for match in _RULE[rule].finditer(sentence):
        subject = sentence[max(0, match.start() - 40) : match.start()].rstrip()
        if _RULE["not us"].search(subject):
            continue
        if note and _RULE["not us in notes"].search(subject):
            continue
        if note and subject.endswith((",", ";", "&")) and _OF_CUSTOMER.match(sentence):
            continue  # nobody is named: who stood before still is
        yield match.end()


def _leads_to(gap: str) -> bool:
    """Whether what stands between "will" and an act lets the one govern the other."""
    if _ONLY_ADVERBS.fullmatch(gap):
        return True
    if len(gap) > _LONGEST_GAP or _OTHERS_TURN.search(gap):
        return False
    return _JOINED.fullmatch(gap) is not None


def _clauses(note: str) -> Mapping[int, bool]:
    """Where the clauses of a note begin, behind a "will" or "to" if there is one: `will cb fri`."""
    return {match.end(): match["will"] is not None for match in _CLAUSE.finditer(note)}
