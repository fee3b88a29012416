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

from memory.lexicon import fold
from memory.remembering.nicknames import NICKNAMES, ORDINARY_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\?")
_TITLES: Final = frozenset(
    "mr mrs ms miss mister dr herr herrn frau monsieur madame mme senor senora sr sra don dona".split()
)
_MISSPELLABLE: Final = 5
_FULL, _EXACT, _NICKNAME, _MISSPELT = 0.95, 0.9, 0.8, 0.65

_TALK = r"(?:speak|talk|chat|spk|get through|be put through)(?: again| directly| only| just)? (?:to|with|w/)"
_WISH = (
    r"(?:want|wants|wanted|wanting|need|needs|like|likes|love|prefer|prefers|wish|wishes|rather|hoping|trying|ask|asks|asked|asking|"
    r"insists?|insisted|demand(?:s|ed)?|request(?:s|ed)?)"
)
_HELP = r"(?:call|ring|phone|contact|help|handle|email|e-mail|take|look|get back|come back|deal|sort|finish|do|come|reply|answer|see)"

# Each is tried with X as the place of one name and N as any other known name.
_UNWANTED: Final = (
    r"(?:any|every|some|no)(?:one|body|thing)(?: else)?(?: at all)? (?:but|except(?: for)?|besides|apart from|other than|not) X",
    r"(?:instead of|rather than|other than|except(?: for)?|anyone than) X",
    r"(?:not|never|no|no more)(?: to| with| by| from)?(?: that)? X(?: again| please| this time| pls|$)",
    r"(?:^|but|just|please|pls|and|only|N) not X",
    rf"(?:do not|don't|does not|doesn't|didn't|did not|dont|doesnt|no longer|never|won't|wont|will not|refus\w+)(?: \w+){{0,4}} (?:{_TALK}|by|to|with|from|through to) X(?! \w* ?(?:only|just))",
    r"(?:do not|don't|dont|does not|doesn't|doesnt|never|no longer)(?: ever)? (?:want|give|send|put|assign|need|wants|like)(?: me| us| her| him)?(?: to| through to)? X",
    rf"rather not(?: have to)? (?:{_TALK}|deal with|have|get) X",
    r"(?:keep|take) X (?:away|off)|without X|(?:cannot|can't|cant) (?:stand|bear|deal with|work with) X|avoid X",
    r"(?:cualquiera|todos|alguien)(?: otro)? (?:menos|excepto|que no sea) X|no quiero(?: \w+){0,3} (?:con|a) X|menos (?:con )?X|no con X",
    r"(?:jede[rmn]?|alle|irgendwer|jemand)(?: anderer?n?)? (?:ausser|nur nicht|bloss nicht|als) X|nicht (?:schon wieder )?(?:mit |zu |an )?X|(?:nur|bloss) nicht(?: mit)? X",
    r"(?:n'importe qui|tout le monde|quelqu'un)(?: d'autre)? (?:sauf|que) X|sauf X|pas (?:encore )?(?:avec |a )?X|(?:ne )?veux (?:pas|plus)(?: \w+){0,3} (?:a|avec) X",
)
_WANTED: Final = (
    rf"(?:can|could|may|might|must|should|shall|let|lets|able to|possible to|way to|when can|how do|how can|any chance|chance to|want to|please|pls)(?: \w+){{0,4}} {_TALK} X",
    rf"{_WISH}(?: \w+){{0,4}} {_TALK} X",
    rf"^(?:hi |hello |please |pls |just |only )*{_TALK} X",
    rf"(?:i'll|i will|we'll|she'll|he'll|will|would|i'd) (?:only|just) (?:{_TALK}|deal with|work with|wait for) X|only (?:deals?|works?|talks?|speaks?) (?:with|to) X",
    r"(?:put|patch|pass|connect|transfer|forward|hand|switch)(?: me| us| her| him| them| this| it| the call| cx| back)* (?:through |over |back |on )?(?:to |with )?X",
    r"(?:give|get|fetch|send|assign|route|escalate)(?: me| us| her| him| it| this| ticket| back| case)* (?:back )?(?:to )?X",
    r"(?:is|if) X (?:in|there|here|available|around|free|working|about|on|back|still|at|today|avail)(?: |$)",
    r"when(?:'s| is| does| will| can)(?: i reach)? X (?:in|back|available|free|work|start|return|be|on|around|here|next|there)|when's X|(?:where|what shift) is X",
    rf"(?:can|could|would|will|may|should|have|has|let|get|ask|tell|want|wants|need|needs|like|prefer)(?: for)? X(?: please| kindly| just)? (?:to )?{_HELP}(?: |$)",
    r"(?:ask|asks|asked|asking|look|looking|wait|waiting|here|request|hoping|req|came|call|calling|calls|holding|hold|held out|another request)(?: again| back| specifically| once more| only| directly)? for X",
    r"(?:request|requests|requested|requesting|req'd|reqd|rqst|prefers|prefer|wants|want|wanted|needs|insists on|insisted on|demands)(?: only| just| to have| to get| agent| specifically)? X",
    r"(?:i'd|i would|would|we'd|she'd|he'd|cx would)(?: much| really)? (?:like|prefer|love|rather|want)(?: to have| have| to get| it to be| it was)? X",
    r"can (?:i|we) (?:have|get|reach)(?: hold of| back)? X|reach X|get hold of X",
    r"(?:only|just|none but|nobody but|no one but|no-one but|preferably|ideally) X(?: please| pls| again| will| can|$| if)",
    r"X (?:only|please|pls|again please|again pls|again if|if possible|if available|if (?:she|he)'s|or nobody|or no one|and nobody|and no one)",
    r"(?:call|cb|callback|call back|ring|reply|answer|email|visit)(?: back)?(?: please| pls)? from X(?: please| pls| only| again|$)(?<!had a call from X)",
    r"(?:by|with|to) X (?:again|please|pls|only|next time|if possible)",
    r"X (?:instead|rather)(?: of| than)? N|X not N|X not N",
    r"(?:always|prefer to|rather|like to|want to|only|usually)(?: \w+)? (?:deal|work|dealt|speak|talk|spoken) (?:with|to) X",
    r"X (?:always|usually|normally) (?:helps?|handles?|deals?|looks?|does|sorts?|takes?) |X knows (?:my|the|our) (?:case|story|account|situation|history|file)",
    r"(?:my|her|his) (?:usual|regular|preferred|favou?rite)(?: agent| person| contact| one)?(?: is)? X|pref(?:erred)? agent (?:is )?X|fav(?:ou?rite)? agent (?:is )?X",
    r"(?:hablar|comunicar(?:me)?|comunique(?:me)?|pase(?:me)?|ponga(?:me)?|atienda|quiero|prefiero)(?: \w+){0,2} (?:con|a) X|(?:prefiero|pregunta por|solo) X|(?:esta|estara) X(?: \w+)? ?(?:disponible|ahi|hoy)?\?|que me (?:llame|atienda) X",
    r"(?:mit|zu|an) X (?:\w+ )?(?:sprechen|reden|verbinden|verbunden|durchstellen|weiterleiten|telefonieren)|ist X (?:\w+ )?(?:da|zu sprechen|verfugbar|im haus|erreichbar)|(?:lieber|nur)(?: wieder)?(?: mit)? X",
    r"(?:parler|reparler)(?: encore| directement)? (?:a|avec) X|(?:passez|passer)(?:-moi| moi)? X|est-ce que X est|X est(?:-il|-elle)? (?:la|disponible)|(?:je prefere|seulement|uniquement)(?: avec)? X",
)  # fmt: skip
_NO_REQUEST = (
    r"(?:my|our|his|her) (?:\w+ )?(?:husband|wife|son|daughter|brother|sister|friend|partner|boss|dad|mum|mom|neighbou?r|name is|name's) X",
    r"X (?:is )?my (?:\w+ )?(?:husband|wife|son|daughter|brother|sister|friend|partner|boss|dad|mum|mom|neighbou?r)",
    rf"(?:don't|do not|didn't|no) need to {_TALK} X|(?:no|any) need to {_TALK} X",
    r"(?:this is|i am|i'm|it's|here is) X(?: |$)|X (?:speaking|here)(?: |$)",
    r"(?:asked|told|thanked?|thanks?|thx|tell|told|say|says?)(?: (?:so much|a lot|again))?(?: to)? X (?:for|that|why|how|about|hi|hello|thanks?)",
)


@dataclass(frozen=True, slots=True)
class Request:
    """That somebody asked for an agent, or asked not to get them.

    Attributes:
        agent_id: The agent's external id.
        wanted: False for "anyone but …".
        confidence: From 0 to 1; lower for nicknames and misspellings.
    """

    agent_id: str
    wanted: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class _Mention:
    agent_id: str
    confidence: float


def _compiled(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:^|(?<= ))(?:{p})(?= |$|(?<= ))" for p in patterns))


_UNWANTED_PATTERN = _compiled(_UNWANTED)
_WANTED_PATTERN = _compiled(_WANTED)
_NO_REQUEST_PATTERN = _compiled(_NO_REQUEST)


class AgentNames:
    """The agents of an account, as customers and colleagues name them.

    A name that two agents share finds neither of them; their full names do.

    Args:
        agents: Pairs of external id and full name.
    """

    def __init__(self, agents: Sequence[tuple[str, str]]) -> None:
        claims: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
        for agent_id, name in agents:
            for words, confidence in _aliases(name):
                known = claims[words].get(agent_id, 0.0)
                claims[words][agent_id] = max(known, confidence)
        self._aliases = {words: _owner(ids) for words, ids in claims.items()}
        self._longest = max((len(words) for words in self._aliases), default=0)
        self._single = [words[0] for words in self._aliases if len(words) == 1]

    def find(self, sentence: str) -> list[Request]:
        """The requests in one sentence, in the order of the names; usually none."""
        marked, mentions = self._mark(_TOKEN.findall(sentence))
        found: dict[str, Request] = {}
        for place, mention in enumerate(mentions):
            wanted = _wanted(marked, place)
            if wanted is not None and mention.agent_id not in found:
                found[mention.agent_id] = Request(mention.agent_id, wanted, mention.confidence)
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

    def _at(
        self, tokens: list[str], folded: list[str], at: int
    ) -> tuple[int, _Mention | None]:
        """How many tokens the name at this place has, and whose it is."""
        for length in range(min(self._longest, len(tokens) - at), 0, -1):
            mention = self._aliases.get(tuple(folded[at : at + length]))
            if mention is None:
                continue
            ordinary = length == 1 and folded[at] in ORDINARY_WORDS and not tokens[at][0].isupper()
            if ordinary or not mention.agent_id or (length == 1 and _goes_on(tokens, folded, at)):
                return length, None
            return length, mention
        return 1, self._misspelt(tokens[at], folded[at])

    def _misspelt(self, token: str, folded: str) -> _Mention | None:
        if len(folded) < _MISSPELLABLE or not token[0].isupper():
            return None
        near = {name for name in self._single if len(name) >= _MISSPELLABLE and _one_edit(name, folded)}
        owners = {self._aliases[(name,)].agent_id for name in near}
        if len(owners) != 1 or not (owner := owners.pop()):
            return None
        return _Mention(owner, _MISSPELT)


def _aliases(name: str) -> Iterator[tuple[tuple[str, ...], float]]:
    """What the agent may be called: full name, first name, surname, usual short forms."""
    words = tuple(fold(token) for token in _TOKEN.findall(name))
    words = tuple(word for word in words if word not in _TITLES)
    if not words:
        return
    yield words, _FULL if len(words) > 1 else _EXACT
    first, last = words[0], words[-1]
    if len(words) > 1:
        yield (first,), _EXACT
        yield (last,), _EXACT
        yield (first, last), _FULL
    for short in NICKNAMES.get(first, ()):
        yield (short,), _NICKNAME
        if len(words) > 1:
            yield (short, last), _FULL


def _owner(ids: dict[str, float]) -> _Mention:
    """The one agent of a name; without an id where several share it.

    Who is named so outranks who may be called so: Tom is Tom Becker, not Thomas Ito.
    """
    likeliest = max(ids.values())
    owners = [agent_id for agent_id, confidence in ids.items() if confidence == likeliest]
    return _Mention(owners[0], likeliest) if len(owners) == 1 else _Mention("", 0.0)


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


_AFTER_A_NAME: Final = frozenset("please again only is was the or and if in on he she i i'm i'd it pls thanks not".split())


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
    if _NO_REQUEST_PATTERN.search(text):
        return None
    if _UNWANTED_PATTERN.search(text):
        return False
    return True if _WANTED_PATTERN.search(text) else None
