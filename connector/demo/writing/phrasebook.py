"""Tickets put together from a book of scenarios.

A scenario is one matter people contact a company for; its threads are the ways it goes. A thread
is a few lines of a play: the subject, what is said in turn, the agent's note, with several wordings
of each. The second wording of an answer belongs to the second of the question, unless the thread
says that they mix freely. Threads and wordings are dealt like cards, so that one returns only
after all of its neighbours had their turn.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from connector.demo.writing.dice import Dice
from connector.demo.writing.script import AS_OF, Json, settled

STILL_FRESH = timedelta(days=5)
UNREAD = timedelta(days=2)
KACPER_LEFT = datetime(2025, 2, 1, tzinfo=UTC)
SATURDAY = 5
AGENTS = ("daniel", "priya", "priya", "tom", "tom", "ines", "ines", "ruth")


Turn = tuple[str, str]
"""Who speaks, ``customer`` or ``agent``, and what they say."""

_SPEAKERS = {"C": "customer", "A": "agent"}


class Slots(dict[str, str]):
    """The names and numbers of one ticket: drawn when first needed, the same from then on."""

    def __init__(self, words: dict[str, list[str]], dice: Dice, known: dict[str, str]) -> None:
        """Start from what is ``known``; the rest comes from ``words`` and ``dice``."""
        super().__init__(known)
        self._words = words
        self._dice = dice

    def __missing__(self, key: str) -> str:
        """Draw what ``{key}`` stands for; a ``2`` at its end asks for another of the same sort."""
        sort = key.rstrip("2")
        if sort == "amount":
            drawn = (
                f"${self._dice.between(7, 94)}.{self._dice.pick(('00', '20', '49', '65', '99'))}"
            )
        elif sort == "order":
            drawn = f"LL-{self._dice.between(20000, 79999)}"
        elif sort == "number":
            drawn = str(self._dice.between(3, 28))
        else:
            drawn = self._dice.pick(self._words[sort])
        self[key] = drawn
        return drawn


class Phrasebook:
    """Scenarios and words, and the tickets made of them."""

    def __init__(self, book: Json, words: dict[str, list[str]], dice: Dice) -> None:
        """Hold a book; ``dice`` deals its wordings."""
        self.scenarios: list[Json] = book["scenarios"]
        self._asides: list[str] = book.get("asides", [])
        self._words = words
        self._dice = dice
        self._times_dealt: Counter[str] = Counter()

    @classmethod
    def read(cls, folder: Path, book: str, dice: Dice) -> "Phrasebook":
        """Read ``<book>.toml`` and the words all books share."""
        scenes = tomllib.loads((folder / f"{book}.toml").read_text(encoding="utf-8"))
        words = tomllib.loads((folder / "words.toml").read_text(encoding="utf-8"))
        return cls(scenes, words, dice)

    def choose(self, dice: Dice, before: list[str]) -> Json:
        """Return a scenario: now and then one this customer has had before, else any."""
        if before and dice.chance(0.2):
            name = dice.pick(before)
            return next(each for each in self.scenarios if each["name"] == name)
        weighted = [each for each in self.scenarios for _ in range(each.get("weight", 2))]
        return dice.pick(weighted)

    def ticket(
        self, scenario: Json, person: Json, at: datetime, dice: Dice, tell: str | None = None
    ) -> Json:
        """Return a scripted ticket of this scenario; ``tell`` is what they say besides."""
        channel = dice.pick(scenario["channels"])
        agents = person.get("agents", AGENTS)
        agent = "kacper" if at < KACPER_LEFT and dice.chance(0.2) else dice.pick(agents)
        first, *rest = person["name"].split()
        known = {"first": first, "last": rest[-1] if rest else first, "name": person["name"]}
        slots = Slots(self._words, dice, {**known, "agent": agent.title()})
        subject, turns, note = self._thread(scenario, dice, slots)
        turns = self._with_asides(turns, tell, dice, slots)
        age = AS_OF - at
        waiting = channel != "voice" and age < STILL_FRESH and (age < UNREAD or dice.chance(0.6))
        if waiting:
            turns = turns[: 1 if age < UNREAD else dice.between(1, 2)]
        if channel == "voice":
            said = [_call(scenario, turns, dice, told=tell is not None), ["note +2m", note]]
        else:
            said = self._written(channel, turns, person, slots, dice)
            if dice.chance(0.35) and len(turns) > 1:
                said.insert(2, ["note +1m", note])
        spec: Json = {
            "at": at,
            "agent": None if len(turns) == 1 else agent,
            "channel": channel,
            "subject": subject,
            "status": settled(at),
            "said": said,
        }
        if waiting:
            spec["status"] = "new" if len(turns) == 1 else "pending"
        elif dice.chance(0.3):
            spec["rating"] = "good" if dice.chance(0.86) else "bad"
            if dice.chance(0.4):
                spec["rating_comment"] = self._dice.deal(self._words[f"{spec['rating']}_rating"])
        return spec

    def _thread(self, scenario: Json, dice: Dice, slots: Slots) -> tuple[str, list[Turn], str]:
        """Return the subject, the turns and the note of one way the scenario goes."""
        subject, note = "", ""
        turns = []
        thread = self._dice.deal(scenario["threads"]).strip()
        paired = not thread.startswith("free\n")
        place = self._times_dealt[thread]
        self._times_dealt[thread] += 1
        for line in thread.removeprefix("free\n").splitlines():
            mark, listed = line.split(": ", 1)
            wordings = listed.split(" | ")
            if mark.endswith("?") and dice.chance(0.5):
                continue
            fixed = paired and mark != "S"
            wording = wordings[place % len(wordings)] if fixed else self._dice.deal(wordings)
            text = _filled(wording, slots)
            match mark.rstrip("?"):
                case "S":
                    subject = text
                case "N":
                    note = text
                case who:
                    turns.append((_SPEAKERS[who], text))
        return subject, turns, note

    def _with_asides(
        self, turns: list[Turn], tell: str | None, dice: Dice, slots: Slots
    ) -> list[Turn]:
        """Add what somebody says that has nothing to do with the matter."""
        if tell:
            theirs = [place for place, (who, _) in enumerate(turns) if who == "customer"]
            place = dice.pick(theirs)
            turns[place] = ("customer", f"{turns[place][1]} {tell}")
        elif self._asides and dice.chance(0.12):
            who, aside = self._dice.deal(self._asides).split(": ", 1)
            places = [place for place, turn in enumerate(turns) if turn[0] == who]
            if places:
                place = dice.pick(places)
                turns[place] = (who, f"{turns[place][1]} {_filled(aside, slots)}")
        return turns

    def _written(
        self, channel: str, turns: list[Turn], person: Json, slots: Slots, dice: Dice
    ) -> list[list[str]]:
        said: list[list[str]] = []
        for who, text in turns:
            gap = f" +{dice.between(1, 3)}m" if channel == "chat" else f" +{dice.between(40, 420)}m"
            whole = text if channel == "chat" else self._letter(who, text, person, slots, dice)
            manner = person.get("manner") if who == "customer" else None
            said.append([who + gap if said else who, _in_manner(whole, manner)])
        return said

    def _letter(self, who: str, text: str, person: Json, slots: Slots, dice: Dice) -> str:
        if who == "agent":
            hello = self._dice.deal(self._words["agent_hello"]).format_map(slots)
            bye = self._dice.deal(self._words["agent_bye"]).format_map(slots)
            return f"{hello}\n\n{text}\n\n{bye}"
        if person.get("manner") == "brief" or dice.chance(0.3):
            return text
        hello = self._dice.deal(self._words["customer_hello"])
        bye = self._dice.deal(self._words["customer_bye"]).format_map(slots)
        return f"{hello}\n\n{text}\n\n{bye}"


def series(
    part: Json, person: Json, book: Phrasebook, dice: Dice, taken: AbstractSet[date]
) -> Iterator[Json]:
    """Yield a customer's everyday tickets: every ``every_days`` from ``start`` to ``until``.

    ``tickets`` is how many of those days they kept; a day in ``taken`` has a ticket already.
    """
    days = []
    at = part["start"]
    while at <= part["until"]:
        if at.date() not in taken and at.weekday() < SATURDAY:
            days.append(at)
        at += timedelta(days=part["every_days"])
    kept = sorted(dice.shuffled(days)[: part["tickets"]])
    for day in kept:
        at = day + timedelta(minutes=dice.below(part["within_minutes"]))
        yield book.ticket(book.choose(dice, []), person, at, dice)


def _call(scenario: Json, turns: list[Turn], dice: Dice, *, told: bool) -> list[str]:
    """Return the call of a voice ticket; most have a transcript, and all in which they ``told``."""
    low, high = scenario.get("minutes", (3, 16))
    minutes = f"{dice.between(low, high)}.{dice.below(10)}"
    kind = " partner" if dice.chance(0.15) else ""
    direction = "out" if turns[0][0] == "agent" else "in"
    heard = told or dice.chance(0.7)
    lines = [f"{'C' if who == 'customer' else 'A'}: {text}" for who, text in turns]
    return [f"call {direction} {minutes}{kind}", "\n".join(lines) if heard else ""]


def _filled(text: str, slots: Slots) -> str:
    """Return ``text`` with its names and numbers, beginning with a capital."""
    text = text.format_map(slots)
    return text[0].upper() + text[1:]


def _in_manner(text: str, manner: str | None) -> str:
    return text.lower().replace("'", "") if manner == "lowercase" else text
