"""The sentences that suggestions are made of: the packaged ones, and a support lead's own.

A file `suggestions.toml` in the data folder changes them. Under the name of a situation `say`
replaces its sentences (an empty list silences it) and `add` adds to them; `resources` are things to
send, each suggested where a title holds one of its words:

    [missed_calls]
    add = ["Sorry we missed you, I am all ears now."]

    [[resources]]
    name = "Moving house, step by step"
    url = "https://help.example.com/moving"
    words = ["moving", "new address"]
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from memory import policy
from memory.errors import UsageError
from memory.words import fold, sections

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FILE: Final = "suggestions.toml"

SLOTS: Final[Mapping[str, frozenset[str]]] = {
    "unknown_caller": frozenset(),
    "hidden_number": frozenset(),
    "shared_number": frozenset(),
    "unverified": frozenset(),
    "overdue_promise": frozenset({"promise", "due", "agent"}),
    "open_promise": frozenset({"promise", "due", "agent"}),
    "missed_calls": frozenset({"times"}),
    "same_problem_again": frozenset({"issue"}),
    "back_after_long": frozenset({"when"}),
    "after_solved": frozenset({"issue"}),
    "long_time_customer": frozenset({"years"}),
    "resource": frozenset({"name"}),
    "ask_to_note": frozenset(),
}
"""Every situation, with what its sentences may speak of."""

_SLOT: Final = re.compile(r"\{(\w+)\}")
_WORD: Final = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_LONGEST = 200
_VARIED = 5
_RESOURCES = "resources"


@dataclass(frozen=True, slots=True)
class Resource:
    """Something to send to a customer.

    Attributes:
        name: As it is spoken of.
        url: Where it is; empty where there is no address.
        words: Folded words or phrases: a title that holds one of them calls for it.
    """

    name: str
    url: str
    words: tuple[str, ...]

    def fits(self, title: str) -> bool:
        """Whether a title holds one of its words."""
        padded = f" {_bare(title)} "
        return any(f" {word} " in padded for word in self.words)


@dataclass(frozen=True, slots=True)
class Wording:
    """What there is to say: sentences by situation, and resources."""

    sentences: Mapping[str, tuple[str, ...]]
    resources: tuple[Resource, ...] = ()

    def of(self, situation: str, facts: Mapping[str, str], turn: int) -> str | None:
        """The sentence for this turn, of those that these facts can fill; None without one.

        To name the matter is better, as long as there are sentences enough to vary.

        Args:
            situation: One of `SLOTS`.
            facts: What may be said, by slot.
            turn: Another number gives another sentence.
        """
        able = [one for one in self.sentences[situation] if slots(one) <= facts.keys()]
        if not able:
            return None
        telling = [one for one in able if slots(one)]
        pool = telling if len(telling) >= _VARIED else able
        return _SLOT.sub(lambda slot: facts[slot.group(1)], pool[turn % len(pool)])


def slots(sentence: str) -> set[str]:
    """The names of what a sentence speaks of."""
    return set(_SLOT.findall(sentence))


@cache
def packaged() -> Wording:
    """The sentences that come with the program."""
    return Wording({situation: tuple(lines) for situation, lines in sections("suggestions")})


class HouseWording:
    """The packaged sentences with what a house's own file says, read again when it changes.

    Args:
        file: Where the file is, when there is one.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read: tuple[tuple[int, int], Wording] | None = None

    def read(self) -> Wording:
        """What there is to say now.

        Raises:
            UsageError: The file cannot be used; it says where it is wrong.
        """
        try:
            state = self._file.stat()
        except (FileNotFoundError, NotADirectoryError):
            return packaged()
        except OSError:
            raise _wrong("cannot be read") from None
        stamp = (state.st_mtime_ns, state.st_size)
        if self._read is None or self._read[0] != stamp:
            self._read = (stamp, _wording(self._document()))
        return self._read[1]

    def _document(self) -> dict[str, Any]:
        import tomllib  # noqa: PLC0415  only a house with words of its own needs it

        try:
            return tomllib.loads(self._file.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            raise _wrong("is not UTF-8") from None
        except (ValueError, RecursionError) as error:  # a number too long, tables too deep
            raise _wrong(f"is not TOML: {error}") from None
        except OSError:
            raise _wrong("cannot be read") from None


def _wording(document: Mapping[str, Any]) -> Wording:
    sentences = dict(packaged().sentences)
    resources: tuple[Resource, ...] = ()
    for key, value in document.items():
        if key == _RESOURCES:
            resources = tuple(_resources(value))
        elif key in SLOTS:
            sentences[key] = _sentences(key, value)
        else:
            raise _wrong(f"names no situation: {key[:40]!r}", f"Name one of: {', '.join(SLOTS)}.")
    return Wording(sentences, resources)


def _sentences(situation: str, value: object) -> tuple[str, ...]:
    table = _table(situation, value, {"say", "add"})
    said = _texts(f"{situation}.say", table["say"]) if "say" in table else None
    added = _texts(f"{situation}.add", table.get("add", []))
    for field, lines in (("say", said or ()), ("add", added)):
        for place, line in enumerate(lines, 1):
            where = f"{situation}.{field}, entry {place}"
            _check_words(where, line)
            _check_slots(where, line, SLOTS[situation])
    return (*(packaged().sentences[situation] if said is None else said), *added)


def _check_slots(where: str, sentence: str, known: frozenset[str]) -> None:
    unknown = slots(sentence) - known
    if unknown or set("{}") & set(_SLOT.sub("", sentence)):
        may = ", ".join(f"{{{one}}}" for one in sorted(known)) or "nothing in braces"
        raise _wrong(f"has a slot that cannot be filled: {where}", f"Use {may}.")


def _check_words(where: str, text: str) -> None:
    if not text.strip() or len(text) > _LONGEST or not text.isprintable():
        raise _wrong(
            f"has something that is no sentence: {where}",
            f"Write one line of 1 to {_LONGEST} characters.",
        )
    if policy.sensitive_words(text):
        raise _wrong(
            f"speaks of something private: {where}",
            "A suggestion never raises a private matter; leave that to the caller.",
        )


def _resources(value: object) -> Iterator[Resource]:
    if not isinstance(value, list):
        raise _wrong(f"has no list of tables: {_RESOURCES}", f"Write [[{_RESOURCES}]].")
    for place, entry in enumerate(value, 1):
        where = f"{_RESOURCES}, entry {place}"
        table = _table(where, entry, {"name", "url", "words"})
        name, url = table.get("name"), table.get("url", "")
        if not isinstance(name, str) or not isinstance(url, str):
            raise _wrong(f"has a name or url that is no text: {where}")
        _check_words(f"{where}, name", name)
        if set("{}") & set(name + url) or (url and not re.fullmatch(r"https?://\S{1,500}", url)):
            raise _wrong(f"has a name or url that cannot be used: {where}", "Use https://….")
        words = tuple(_bare(one) for one in _texts(f"{where}, words", table.get("words")))
        if not words or not all(words):
            raise _wrong(f"has no words to find it by: {where}", 'Add words = ["…"].')
        yield Resource(" ".join(name.split()), url, words)


def _table(where: str, value: object, keys: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(f"has no table: {where}", f"Give it {', '.join(sorted(keys))}.")
    unknown = sorted(value.keys() - keys)
    if unknown:
        raise _wrong(
            f"has a key that nothing reads: {where}, {unknown[0][:40]!r}",
            f"Use {', '.join(sorted(keys))}.",
        )
    return value


def _texts(where: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _wrong(f"has no list of texts: {where}", 'Write ["…", "…"].')
    return tuple(value)


def _bare(text: str) -> str:
    """The folded words alone."""
    return " ".join(_WORD.findall(fold(text)))


def _wrong(what: str, hint: str = "Mend the file, or take it away.") -> UsageError:
    return UsageError(f"{FILE} in the data folder {what}.", hint)
