"""Requests for an agent by name: "can I speak to Daniel again", "anyone but Tom".

A name alone is no request: customers thank agents, sign as namesakes and tell whom they spoke to.
So each known name is first replaced by a mark, and then rules ask what is said around the mark.
The rules know English, Spanish, German and French.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from memory.words import expressions, fold, sections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAMES: Final = dict(sections("names"))
_TITLES: Final = frozenset(" ".join(_NAMES["titles"]).split())
_AFTER_A_NAME: Final = frozenset(" ".join(_NAMES["after a name"]).split())
_ROLES: Final = frozenset(" ".join(_NAMES["roles"]).split())
_ORDINARY_WORDS: Final = frozenset(" ".join(_NAMES["ordinary words"]).split())
_BEHIND_ORDINARY_WORDS: Final = frozenset(" ".join(_NAMES["behind an ordinary word"]).split())
_SHORT_FORMS: Final = {
    line.split(maxsplit=1)[0]: line.split()[1:] for line in _NAMES["short forms"]
}
_AROUND: Final = {
    meaning: re.compile(rf"(?:^|(?<= )){around}(?= |$|(?<= ))")
    for meaning, around in expressions("requests")
}
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\?")
_MISSPELLABLE: Final = 5
"""The fewest letters of a name that is recognised with one letter wrong."""
_FULL, _EXACT, _NICKNAME, _MISSPELT = 0.95, 0.9, 0.8, 0.65


@dataclass(frozen=True, slots=True)
class Request:
    """That somebody asked for an agent, or asked not to get them.

    Attributes:
        agent_ids: The agent's external id; several, in order, where agents share the name.
        wanted: False for "anyone but …".
        confidence: From 0 to 1; lower for nicknames and misspellings.
    """

    agent_ids: tuple[str, ...]
    wanted: bool
    confidence: float

    @property
    def code(self) -> str:
        """How a memory keeps it: the ids, behind `not:` for agents who are not wanted."""
        ids = " ".join(self.agent_ids)
        return ids if self.wanted else f"not:{ids}"


@dataclass(frozen=True, slots=True)
class _Mention:
    agent_ids: tuple[str, ...]
    confidence: float


class AgentNames:
    """The agents of an account, as customers and colleagues name them.

    A name that two agents share finds both: who is meant is for the customer's history to say.

    Args:
        agents: Pairs of external id and full name.
    """

    def __init__(self, agents: Sequence[tuple[str, str]]) -> None:
        claims: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
        for agent_id, name in agents:
            for words, confidence in _aliases(name):
                known = claims[words].get(agent_id, 0.0)
                claims[words][agent_id] = max(known, confidence)
        self._aliases = {words: _owners(ids) for words, ids in claims.items()}
        self._longest = max((len(words) for words in self._aliases), default=0)
        self._single = [words[0] for words in self._aliases if len(words) == 1]

    def find(self, sentence: str, me: str | None = None) -> list[Request]:
        """The requests in one sentence, in the order of the names; usually none.

        Args:
            sentence: What a customer said, or an agent noted.
            me: The agent who noted it: "asked for me" asks for them.
        """
        marked, mentions = self._mark(_TOKEN.findall(sentence))
        found: dict[tuple[str, ...], Request] = {}
        for place, mention in enumerate(mentions):
            wanted = _wanted(marked, place)
            if wanted is not None and mention.agent_ids not in found:
                found[mention.agent_ids] = Request(mention.agent_ids, wanted, mention.confidence)
        own = None if me is None else _wanted_me(marked)
        if me is not None and own is not None:
            found.setdefault((me,), Request((me,), own, _EXACT))
        return list(found.values())

    def _mark(self, tokens: list[str]) -> tuple[list[str | int], list[_Mention]]:
        """The folded words, with each agent's name replaced by the number of its mention."""
        folded = [fold(token) for token in tokens]
        marked: list[str | int] = []
        mentions: list[_Mention] = []
        at = 0
        while at < len(tokens):
            length, mention = self._at(tokens, folded, at)
            if mention is None:
                marked.append(folded[at])
            else:
                if marked and marked[-1] in _TITLES:
                    marked.pop()
                marked.append(len(mentions))
                mentions.append(mention)
            at += length
        return marked, mentions

    def _at(self, tokens: list[str], folded: list[str], at: int) -> tuple[int, _Mention | None]:
        """How many tokens the name at this place has, and whose it is."""
        for length in range(min(self._longest, len(tokens) - at), 0, -1):
            mention = self._aliases.get(tuple(folded[at : at + length]))
            if mention is None:
                continue
            if (length == 1 and _is_ordinary(tokens, folded, at)) or (
                length == 1 and _goes_on(tokens, folded, at)
            ):
                return length, None
            return length, mention
        return 1, self._misspelt(tokens[at], folded[at])

    def _misspelt(self, token: str, folded: str) -> _Mention | None:
        if len(folded) < _MISSPELLABLE or not token[0].isupper():
            return None
        near = {
            name for name in self._single if len(name) >= _MISSPELLABLE and _one_edit(name, folded)
        }
        owners = {self._aliases[(name,)].agent_ids for name in near}
        return _Mention(owners.pop(), _MISSPELT) if len(owners) == 1 else None


def _aliases(name: str) -> Iterator[tuple[tuple[str, ...], float]]:
    """What the agent may be called: full name, first name, surname, usual short forms."""
    words = tuple(fold(token) for token in _TOKEN.findall(name))
    words = tuple(word for word in words if word not in _TITLES)
    if not words:
        return
    if len(words) == 1 and words[0] in _ROLES:
        return
    yield words, _FULL if len(words) > 1 else _EXACT
    first, last = words[0], words[-1]
    if len(words) > 1:
        for part in {first, last} - _ROLES:
            yield (part,), _EXACT
        yield (first, last), _FULL
    for short in _SHORT_FORMS.get(first, ()):
        yield (short,), _NICKNAME
        if len(words) > 1:
            yield (short, last), _FULL


def _owners(ids: dict[str, float]) -> _Mention:
    """The agents of a name.

    Who is named so outranks who may be called so: Tom is Tom Becker, not Thomas Ito.
    """
    likeliest = max(ids.values())
    owners = sorted(agent_id for agent_id, confidence in ids.items() if confidence == likeliest)
    return _Mention(tuple(owners), likeliest)


def _is_ordinary(tokens: list[str], folded: list[str], at: int) -> bool:
    """Whether a word that may be a name is none here: without a capital, or only with the first."""
    if folded[at] not in _ORDINARY_WORDS:
        return False
    following = folded[at + 1] if at + 1 < len(folded) else ""
    begins = at == 0 and following in _BEHIND_ORDINARY_WORDS
    return begins or not tokens[at][0].isupper()


def _goes_on(tokens: list[str], folded: list[str], at: int) -> bool:
    """Whether a capitalised word follows that makes this somebody else: "Daniel Smith"."""
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    return (
        len(following) > 1
        and following[0].isupper()
        and not following.isupper()
        and folded[at + 1] not in _AFTER_A_NAME
        and tokens[at][0].isupper()
    )


def _one_edit(one: str, other: str) -> bool:
    """Whether one letter is changed, left out, doubled inside, or two neighbours are swapped."""
    if one == other or one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return len(other) < len(one) or other[-1] == one[-1]
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[1::-1] == b[:2] and a[2:] == b[2:])


def _wanted(marked: list[str | int], place: int) -> bool | None:
    """Whether the mention is asked for (True), asked against (False), or just named (None)."""
    text = " ".join(
        ("X" if word == place else "N") if isinstance(word, int) else word for word in marked
    )
    if _AROUND["no request"].search(text):
        return None
    if _AROUND["unwanted"].search(text):
        return False
    if _AROUND["no wish"].search(text):
        return None
    return True if _AROUND["wanted"].search(text) else None


def _wanted_me(marked: list[str | int]) -> bool | None:
    """Whether a note says that its author was asked for (True), against (False), or neither."""
    text = " ".join("N" if isinstance(word, int) else word for word in marked)
    if _AROUND["unwanted me"].search(text):
        return False
    return True if _AROUND["wanted me"].search(text) else None
