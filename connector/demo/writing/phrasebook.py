"""Tickets put together from a book of scenarios.

A scenario is one matter people contact a company for: its subjects, its turns (who speaks, and
several wordings of what they say), and the notes an agent leaves. Wordings are dealt like cards,
so the same sentence returns only after all of its neighbours had their turn.
"""

import tomllib
from collections.abc import Iterator, Set
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from connector.demo.writing.dice import Dice
from connector.demo.writing.script import AS_OF, Json, settled

STILL_FRESH = timedelta(days=5)
KACPER_LEFT = datetime(2025, 2, 1, tzinfo=UTC)
AGENTS = ("daniel", "priya", "priya", "tom", "tom", "ines", "ines", "ruth")


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

    def __init__(self, scenarios: list[Json], words: dict[str, list[str]], dice: Dice) -> None:
        """Hold a book; ``dice`` deals its wordings."""
        self.scenarios = scenarios
        self._words = words
        self._dice = dice

    @classmethod
    def read(cls, folder: Path, book: str, dice: Dice) -> "Phrasebook":
        """Read ``<book>.toml`` and the words all books share."""
        scenarios = tomllib.loads((folder / f"{book}.toml").read_text(encoding="utf-8"))
        words = tomllib.loads((folder / "words.toml").read_text(encoding="utf-8"))
        return cls(scenarios["scenarios"], words, dice)

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
        agent = "kacper" if at < KACPER_LEFT and dice.chance(0.2) else dice.pick(AGENTS)
        first, *rest = person["name"].split()
        known = {"first": first, "last": rest[-1] if rest else first, "name": person["name"]}
        slots = Slots(self._words, dice, {**known, "agent": agent.title()})
        turns = self._turns(scenario, dice, slots, tell)
        waiting = AS_OF - at < STILL_FRESH and dice.chance(0.6)
        if waiting and channel != "voice":
            turns = turns[: dice.between(1, 2)]
        said = self._said(scenario, channel, turns, person, slots, dice)
        spec: Json = {
            "at": at,
            "agent": None if waiting and len(turns) == 1 else agent,
            "channel": channel,
            "subject": self._dice.deal(scenario["subjects"]).format_map(slots),
            "status": _status(at, waiting, len(turns)),
            "said": said,
        }
        if not waiting and dice.chance(0.3):
            spec["rating"] = "good" if dice.chance(0.86) else "bad"
            if dice.chance(0.4):
                spec["rating_comment"] = self._dice.deal(self._words[f"{spec['rating']}_rating"])
        return spec

    def _turns(
        self, scenario: Json, dice: Dice, slots: Slots, tell: str | None
    ) -> list[tuple[str, str]]:
        turns = []
        for who, *wordings in scenario["turns"]:
            if who.endswith("?") and dice.chance(0.5):
                continue
            turns.append((who.rstrip("?"), self._dice.deal(wordings).format_map(slots)))
        if tell:
            theirs = [place for place, (who, _) in enumerate(turns) if who == "customer"]
            place = dice.pick(theirs)
            turns[place] = ("customer", f"{turns[place][1]} {tell}")
        elif dice.chance(0.08):
            who, aside = self._dice.deal(self._words["asides"]).split(": ", 1)
            turns.append((who, aside.format_map(slots)))
        return turns

    def _said(
        self,
        scenario: Json,
        channel: str,
        turns: list[tuple[str, str]],
        person: Json,
        slots: Slots,
        dice: Dice,
    ) -> list[list[str]]:
        notes = [self._dice.deal(scenario["notes"]).format_map(slots)]
        if channel == "voice":
            return [_call(scenario, turns, person, dice), ["note +2m", notes[0]]]
        said = []
        for who, text in turns:
            if channel == "chat":
                said.append([f"{who} +{dice.between(1, 3)}m" if said else who, text])
            else:
                gap = f" +{dice.between(40, 420)}m" if said else ""
                said.append([who + gap, self._letter(who, text, person, slots, dice)])
        if dice.chance(0.35) and len(turns) > 1:
            said.insert(2, ["note +1m", notes[0]])
        return [[head, _in_manner(head, text, person.get("manner"))] for head, text in said]

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
    part: Json, person: Json, book: Phrasebook, dice: Dice, taken: Set[date]
) -> Iterator[Json]:
    """Yield a customer's everyday tickets: every ``every_days`` from ``start`` to ``until``.

    ``tickets`` is how many of those days they kept; a day in ``taken`` has a ticket already.
    """
    days = []
    at = part["start"]
    while at <= part["until"]:
        if at.date() not in taken and at.weekday() < 5:  # noqa: PLR2004  Monday to Friday
            days.append(at)
        at += timedelta(days=part["every_days"])
    kept = sorted(dice.shuffled(days)[: part["tickets"]])
    for day in kept:
        at = day + timedelta(minutes=dice.below(part["within_minutes"]))
        yield book.ticket(book.choose(dice, []), person, at, dice)


def _call(scenario: Json, turns: list[tuple[str, str]], person: Json, dice: Dice) -> list[str]:
    low, high = scenario.get("minutes", (3, 16))
    minutes = f"{dice.between(low, high)}.{dice.below(10)}"
    kind = " partner" if dice.chance(0.15) else ""
    direction = "out" if turns[0][0] == "agent" else "in"
    told = any(len(text) > 1 for _, text in turns) and dice.chance(0.6)
    if not told and not person.get("tells"):
        return [f"call {direction} {minutes}{kind}", ""]
    lines = [f"{'C' if who == 'customer' else 'A'}: {text}" for who, text in turns]
    return [f"call {direction} {minutes}{kind}", "\n".join(lines)]


def _status(at: datetime, waiting: bool, turns: int) -> str:
    if waiting:
        return "new" if turns == 1 else "pending"
    return settled(at)


def _in_manner(head: str, text: str, manner: str | None) -> str:
    if not head.startswith("customer") or manner != "lowercase":
        return text
    return text.lower().replace("'", "")
