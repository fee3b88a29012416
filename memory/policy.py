"""Who sees what, and what is never kept.

Every string the product shows passes here: a memory by its kind (`may_show`), and any other text,
such as a ticket's subject, by its words (`sensitive_words`), since nothing has classified those.
All of it is plain rules on plain text: no model is needed while a phone rings.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from memory.words import NEVER_KEPT, SENSITIVE, expressions, fold, without_benign

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

_NEEDS: Final = [(code, re.compile(needed)) for code, needed in expressions("needs")]
_TOPICS: Final = [
    (title, re.compile(rf"(?<![a-z]){words}")) for title, words in expressions("topics")
]


def is_sensitive(kind: str) -> bool:
    """Whether memories of this kind are hidden until revealed."""
    return kind in SENSITIVE_KINDS


def may_show(kind: str, mode: Mode) -> Showing:
    """What the `SENSITIVE` setting allows for a memory of this kind.

    `hidden` means kind, relation and age without words; `withheld` means counted only. The words
    of an access need are its reason, so they are hidden unless the mode is `full`; the need itself
    (`need_of`) may always be shown.
    """
    if kind == NEVER_KEPT_KIND:
        return "withheld"
    if mode == "full" or (kind != "access_need" and not is_sensitive(kind)):
        return "shown"
    return "withheld" if mode == "off" and is_sensitive(kind) else "hidden"


def sensitive_words(text: str) -> bool:
    """Whether a string about to be shown speaks of a sensitive or never-kept matter.

    Reads English, Spanish, German and French word lists (`memory.words`) and errs to hiding.
    """
    return SENSITIVE.search(without_benign(fold(text))) is not None


def never_kept_words(text: str) -> bool:
    """Whether the word lists find one of `NEVER_KEPT_CLASSES` in the text."""
    return NEVER_KEPT.search(without_benign(fold(text))) is not None


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
