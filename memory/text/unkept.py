"""What is not kept, even when it is told, is taken out of the text.

A sentence goes whole: what stands beside the word that was found often tells as much. It is looked
for by word lists (`memory.words`), in English, Spanish, German and French, since nothing has read
the text yet. In English a subject, or a sentence of a public message, has to speak of a person as
well: a parcel for a church tells of nobody. A note is about its customer whatever it says. What
only remembering understands to be of such a class is taken out once it does; so is what the account
or its customer does not want kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from memory import policy
from memory.text.english import reads_as_english
from memory.text.sentences import split
from memory.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NEVER_KEPT: Final = "[never kept]"
"""What stands where a sentence, or a subject, was taken out."""

NOT_KEPT: Final = "[not kept]"
"""What stands where something was taken out that nobody is to keep here, though others may."""

IS_NEVER_KEPT: Final = re.compile(r"\W*\[never kept\]\W*")
"""A sentence of which nothing else is left."""

IS_TAKEN_OUT: Final = re.compile(r"(?:\W*\[(?:never|not) kept\])+\W*")
"""Words of which nothing else is left, for either reason."""

_SPEAKER: Final = re.compile(r"\s*(?:customer|caller|agent)[ \t]*:[ \t]*", re.IGNORECASE)
_END: Final = re.compile(r"[.!?…。！？]\W*$")  # noqa: RUF001 as other scripts end their sentences
_SOMEBODY: Final = re.compile(
    r"\b(?:i|i'?(?:m|ve|d|ll)|me|my|mine|myself|we|we'?(?:re|ve|d|ll)|us|ours?|he|he's|him|his|she"
    r"|she's|hers?|they|they're|them|their|husband|wife|partner|mother|father|mum|mom|dad|parents"
    r"|son|daughter|brother|sister|child|kids?|uncle|aunt|cousin|niece|nephew|grand\w+|family"
    r"|friend|boyfriend|girlfriend|fiancee?|cust|customer|caller|clt)\b"
)


def without_never_kept(text: str, *, private: bool = False) -> str:
    """The text with each sentence of a never-kept class replaced by `[never kept]`.

    Every other sentence stays as it is. Doing it twice changes nothing; time grows with the text.

    Args:
        text: Of a message, after cleaning.
        private: Whether it is an agent's note for other agents.
    """
    if not policy.never_kept_words(text):
        return text
    parts: list[str] = []
    done = 0
    for start, stop in every_sentence(text):
        sentence = text[start:stop]
        if policy.never_kept_words(sentence) and (private or _tells_of_somebody(sentence)):
            speaker = _SPEAKER.match(sentence)
            end = "" if stop == len(text) and not _END.search(sentence) else "."
            parts += [text[done:start], speaker.group() if speaker else "", NEVER_KEPT, end]
            done = stop
    return "".join([*parts, text[done:]])


def taken_out(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """The text with a mark, and a full stop, in place of what stands from each start to its stop.

    Args:
        text: Of a message.
        spans: Start, stop and mark, apart from one another.
    """
    parts: list[str] = []
    done = 0
    for start, stop, mark in sorted(spans):
        parts += [text[done:start], mark, "."]
        done = stop
    return "".join([*parts, text[done:]])


def subject_without_never_kept(subject: str) -> str:
    """The subject, or `[never kept]` in place of one that tells what is never kept of somebody."""
    is_told = policy.never_kept_words(subject) and _tells_of_somebody(subject)
    return NEVER_KEPT if is_told else subject


def every_sentence(text: str) -> Iterator[tuple[int, int]]:
    """Where all sentences stand: the splitter takes some hundreds at once."""
    begun = 0
    while spans := split(text[begun:]):
        yield from ((begun + one.start, begun + one.end) for one in spans)
        begun += spans[-1].end


def _tells_of_somebody(sentence: str) -> bool:
    return not reads_as_english(sentence) or _SOMEBODY.search(fold(sentence)) is not None
