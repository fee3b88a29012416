"""Who sees what, and what is never kept.

Every string the product shows passes here: a memory by its kind (`may_show`), and any other text,
such as a ticket's subject, by its words (`sensitive_words`), since nothing has classified those.
All of it is plain rules on plain text: no model is needed while a phone rings.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from memory.words import expressions, fold, sensitive_by_kind, whole_words, without_benign

if TYPE_CHECKING:
    from collections.abc import Mapping

Mode = Literal["full", "masked", "off"]
Showing = Literal["shown", "hidden", "withheld"]
Section = Literal["care", "adjustments", "context"]

SENSITIVE_KINDS: Final = frozenset({"bereavement", "health", "family_care", "hardship", "feeling"})
"""Kinds whose words leave the server only through a reveal."""

NEVER_KEPT_KIND: Final = "never_kept"
"""What a sentence of one of `NEVER_KEPT_CLASSES` is found as; it is counted and dropped."""

NEVER_KEPT_CLASSES: Final = (
    "religion",
    "politics",
    "sexuality",
    "ethnicity",
    "union",
    "crime",
    "immigration",
    "self_harm",
    "abuse",
)
"""Matters that are dropped even when told. They are counted together, under `never_kept`."""

SECTION_OF_KIND: Final[dict[str, Section]] = {
    "bereavement": "care",
    "health": "care",
    "family_care": "care",
    "hardship": "care",
    "feeling": "care",
    "access_need": "adjustments",
    "contact_rule": "adjustments",
    "preference": "adjustments",
    "life_event": "context",
    "work": "context",
    "interest": "context",
    "loyalty": "context",
    "note": "context",
}
"""Which list of the brief a kind stands in."""

KINDS: Final = (*SECTION_OF_KIND, "agent_request", "promise", "check")
"""The kinds an account may have a policy of; an issue stays as long as its ticket."""

KINDS_SHOWN: Final = (*SECTION_OF_KIND, "promise", "check")
"""Those of them of which may be said how they are shown: a brief has their words."""

FOR_GOOD: Final = 0
"""Days after which nothing goes."""

_MONTHS, _YEARS, _LONG = 180, 730, 1095

DAYS_KEPT: Final[Mapping[str, int]] = MappingProxyType(
    {
        "feeling": _MONTHS,
        "bereavement": _YEARS,
        "health": _YEARS,
        "family_care": _YEARS,
        "hardship": _YEARS,
        "life_event": _LONG,
        "work": _LONG,
        "interest": _LONG,
        "note": _LONG,
        "loyalty": _LONG,
        "preference": FOR_GOOD,
        "access_need": FOR_GOOD,
        "contact_rule": FOR_GOOD,
        "agent_request": FOR_GOOD,
        "promise": FOR_GOOD,
        "check": FOR_GOOD,
    }
)
"""For how many days after it was said a memory of a kind is kept, unless a setting or the account's
policy says otherwise. What was said `FOR_GOOD` is kept as long as its ticket."""

_SHOWING: Final[Mapping[Mode, Showing]] = {"full": "shown", "masked": "hidden", "off": "withheld"}
_NEEDS: Final = [(code, re.compile(needed)) for code, needed in expressions("needs")]
_TOPICS: Final = [
    (title, re.compile(rf"(?<![a-z]){words}")) for title, words in expressions("topics")
]


def is_sensitive(kind: str) -> bool:
    """Whether memories of this kind are hidden until revealed."""
    return kind in SENSITIVE_KINDS


def may_show(kind: str, mode: Mode, own: Mode | None = None) -> Showing:
    """What the `SENSITIVE` setting, or the account's policy of it, allows for a memory of a kind.

    `hidden` means kind, relation and age without words; `withheld` means counted only. The words
    of an access need are its reason, so they are hidden unless the mode is `full`; the need itself
    (`need_of`) is shown unless the account's policy of that kind is `off`.

    Args:
        kind: Of the memory.
        mode: As the setting says.
        own: As the account's policy of this kind says, which outranks the setting for any kind.
    """
    if kind == NEVER_KEPT_KIND:
        return "withheld"
    if own is not None:
        return _SHOWING[own]
    if mode == "full" or (kind != "access_need" and not is_sensitive(kind)):
        return "shown"
    return "withheld" if mode == "off" and is_sensitive(kind) else "hidden"


def may_read(text: str, mode: Mode, shown: Mapping[str, Mode]) -> bool:
    """Whether words may be shown for what they speak of, whichever memory they stand behind.

    Args:
        text: The words.
        mode: As the setting says.
        shown: The account's policy by kind, of kinds that have one.
    """
    if not shown:
        return mode == "full" or not sensitive_words(text)
    if mode != "full" and never_kept_words(text):
        return False
    told = kinds_told(text) & (SENSITIVE_KINDS | shown.keys())
    return all(shown.get(kind, mode) == "full" for kind in told)


def kinds_told(text: str) -> frozenset[str]:
    """The kinds that can be told by words alone: the sensitive ones and access needs."""
    plain = without_benign(fold(text))
    found = {kind for kind, words in sensitive_by_kind().items() if words.search(plain)}
    return frozenset(found | ({"access_need"} if need_of(text) is not None else set()))


def sensitive_words(text: str) -> bool:
    """Whether a string about to be shown speaks of a sensitive or never-kept matter.

    Reads English, Spanish, German and French word lists (`memory.words`) and errs to hiding.
    """
    return whole_words("sensitive", "never_kept").search(without_benign(fold(text))) is not None


def never_kept_words(text: str) -> bool:
    """Whether the word lists find one of `NEVER_KEPT_CLASSES` in the text."""
    return whole_words("never_kept").search(without_benign(fold(text))) is not None


def read_words() -> None:
    """Make every pattern now: else the first brief waits for them, some tenths of a second."""
    for told in (sensitive_words, never_kept_words, kinds_told):
        told("")


def neutral_title(text: str) -> str:
    """A title from a closed list that says what a ticket asks for and nothing of the person.

    "Cancel my late husband's line" becomes "Cancellation"; what fits no topic is a "Request".
    """
    folded = fold(text)
    return next((title for title, pattern in _TOPICS if pattern.search(folded)), "Request")


def need_of(text: str) -> str | None:
    """The need that a sentence of kind `access_need` states, as a code, or None.

    Codes: `email`, `text_only`, `no_calls`, `speak_slowly`, `speak_up`, `large_print`, `braille`,
    `screen_reader`, `relay`, `interpreter`, `more_time`, `plain_language`, `step_free`. The brief
    shows the code at once; the sentence, which holds the reason, stays hidden.
    """
    folded = fold(text)
    return next((code for code, pattern in _NEEDS if pattern.search(folded)), None)
