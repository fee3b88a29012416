"""Makes up small stories: who is there, what they said in any script, and what happens next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.tale import AS_OF, DAY, customer, message, tale, ticket

if TYPE_CHECKING:
    import random

HOURS = 6
"""Within how many hours after the story's present everything happens."""

_WORDS = (
    "The line drops every evening",
    "My mother died last week \U0001f9e1",
    "\u0627\u0644\u062e\u0637 \u064a\u0646\u0642\u0637\u0639",
    "\u05d4\u05e7\u05d5 \u05de\u05ea\u05e0\u05ea\u05e7 \u202e!",
    "A zero \x00 in the middle",
    "\u56de\u7dda\u304c\u5207\u308c\u307e\u3059",
    "Is 3 < 4 & 5 > 2?\nYes.",
    "Please speak slowly, my hearing is not good",
    "I would rather speak to Daniel",
)
_NAMES = ("Ana", "", "\u5c71\u7530", "\u0645\u062d\u0645\u062f", "Nu\x00ll \U0001f9e1", "Zo\u0308e")
_AGENTS = (11, 12)
_BLACK = "\u2587"
_STATUSES = ("new", "open", "pending", "solved", "closed")


class Teller:
    """Makes up one story, and keeps in mind what is there at each moment of it."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._people = [101 + n for n in range(dice.randint(3, 6))]
        self._tickets: dict[int, dict[str, Any]] = {}
        self._deleted: dict[int, dict[str, Any]] = {}
        self._hidden: list[int] = []
        self._next = 1
        self._said = 0

    def tell(self) -> dict[str, Any]:
        """The story, with everything that happens later."""
        people = [self._customer(number) for number in self._people]
        tickets = []
        for _ in range(self._dice.randint(5, 14)):
            at = AS_OF - self._dice.randint(1, 90 * DAY)
            tickets.append(self._ticket(at, whole=True))
        story = tale(tickets, people)
        story["organizations"] = [{"id": 5, "name": "Harbour Co-op"}, {"id": 6, "name": "Quay"}]
        story["agents"].append({"id": 12, "name": "Eli Ford", "email": "eli@acme.example"})
        count = self._dice.randint(6, 18)
        times = sorted(self._dice.randint(60, HOURS * 3600) for _ in range(count))
        changes = (self._change(AS_OF + second) for second in times)
        story["changes"] = [one for one in changes if one]
        return story

    def _customer(self, number: int) -> dict[str, Any]:
        dice = self._dice
        shared = {"phone": "+12125550100", "shared_phone": True} if dice.random() < 0.2 else {}
        name = dice.choice(_NAMES) and f"{dice.choice(_NAMES)} {number}x"
        return customer(number, name=name, organization=dice.choice([None, 5, 6]), **shared)

    def _words(self) -> str:
        self._said += 1
        return f"{self._dice.choice(_WORDS)} {self._said}w"

    def _message(self, at: int) -> dict[str, Any]:
        dice = self._dice
        told = message(dice.choice(["customer", "agent", {"agent": 12}]), at, self._words())
        if dice.random() < 0.15:
            told["by"] = {"customer": dice.choice(self._people)}
        if dice.random() < 0.2 and told["by"] == "agent":
            told["public"] = False
        elif dice.random() < 0.2:
            kind = dice.choice(["talk", "partner"])
            told["call"] = {"kind": kind, "minutes": dice.randint(1, 90) / 2, "answered_by": 11}
            if dice.random() < 0.5:
                told["call"]["transcript"] = self._words()
        return told

    def _ticket(self, at: int, *, whole: bool = False) -> dict[str, Any]:
        dice, number = self._dice, self._next
        self._next += 1
        times = [at + 60 * n for n in range(dice.randint(1, 4) if whole else 1)]
        told = ticket(
            number,
            dice.choice(self._people),
            at,
            subject=self._words(),
            agent=dice.choice(_AGENTS),
            status=dice.choice(_STATUSES),
            messages=[self._message(second) for second in times],
        )
        if whole and dice.random() < 0.3:
            told["rating"] = {"score": dice.choice(["good", "bad"]), "agent": 11, "at": at + 3600}
        self._tickets[number] = {**told, "texts": [one["text"] for one in told["messages"]]}
        return told

    def _change(self, at: int) -> dict[str, Any] | None:
        """One thing that happens; None where the dice ask for what cannot happen now."""
        make = self._dice.choice(
            [
                *[self._more_said] * 4,
                *[self._new_ticket] * 2,
                self._new_customer,
                *[self._edited_ticket] * 2,
                self._edited_customer,
                self._merged,
                self._removed_customer,
                *[self._removed_ticket] * 2,
                self._restored_ticket,
                *[self._redacted] * 2,
                self._made_private,
                self._identity,
                self._merged_tickets,
                self._changed_agent,
            ]
        )
        found = make(at)
        return found and {"at": at, **found}

    def _any_ticket(self) -> int | None:
        return self._dice.choice(sorted(self._tickets)) if self._tickets else None

    def _more_said(self, at: int) -> dict[str, Any] | None:
        number = self._any_ticket()
        if number is None:
            return None
        told = self._message(at)
        self._tickets[number]["texts"].append(told["text"])
        return {"do": "add_message", "ticket": number, "message": told}

    def _new_ticket(self, at: int) -> dict[str, Any]:
        return {"do": "add_ticket", "ticket": self._ticket(at)}

    def _new_customer(self, at: int) -> dict[str, Any]:
        number = 101 + len(self._people) + len(self._hidden)
        self._people.append(number)
        return {"do": "add_customer", "customer": customer(number, created_at=at)}

    def _edited_ticket(self, at: int) -> dict[str, Any] | None:
        number = self._any_ticket()
        rating = {"score": "good", "agent": 12, "at": at}
        values: list[dict[str, Any]] = [
            {"status": self._dice.choice(_STATUSES)},
            {"agent": self._dice.choice(_AGENTS)},
            {"subject": self._words()},
            {"rating": rating},
            {"customer": self._dice.choice(self._people)},
        ]
        told = self._dice.choice(values)
        if number is None:
            return None
        self._tickets[number].update(told)
        return {"do": "update_ticket", "ticket": number, "set": told}

    def _edited_customer(self, at: int) -> dict[str, Any]:
        del at
        who = self._dice.choice(self._people)
        values = [
            {"name": f"Renamed {who}x"},
            {"phone": f"+1212555{self._dice.randint(110, 199):04}"},
            {"organization": 6},
        ]
        return {"do": "update_customer", "customer": who, "set": self._dice.choice(values)}

    def _leave(self) -> int | None:
        if len(self._people) < 3:
            return None
        who = self._dice.choice(self._people)
        self._people.remove(who)
        self._hidden.append(who)
        return who

    def _merged(self, at: int) -> dict[str, Any] | None:
        del at
        loser = self._leave()
        if loser is None:
            return None
        winner = self._dice.choice(self._people)
        for one in self._tickets.values():
            one["customer"] = winner if one["customer"] == loser else one["customer"]
        return {"do": "merge_customers", "loser": loser, "winner": winner}

    def _removed_customer(self, at: int) -> dict[str, Any] | None:
        del at
        who = self._leave()
        if who is None:
            return None
        for number in [n for n, one in self._tickets.items() if one["customer"] == who]:
            del self._tickets[number]
        do = self._dice.choice(["delete_customer", "delete_customer_permanently"])
        return {"do": do, "customer": who}

    def _removed_ticket(self, at: int) -> dict[str, Any] | None:
        del at
        number = self._any_ticket()
        if number is None:
            return None
        self._deleted[number] = self._tickets.pop(number)
        return {"do": self._dice.choice(["delete_ticket", "spam_ticket"]), "ticket": number}

    def _merged_tickets(self, at: int) -> dict[str, Any] | None:
        """Two become one; nothing more happens to either, as each has got words of its own."""
        del at
        if len(self._tickets) < 2:
            return None
        loser, winner = self._dice.sample(sorted(self._tickets), 2)
        del self._tickets[loser], self._tickets[winner]
        return {"do": "merge_tickets", "loser": loser, "winner": winner}

    def _changed_agent(self, at: int) -> dict[str, Any]:
        values = [{"name": f"Eli Ford-{at}"}, {"active": False}, {"active": True}]
        return {"do": "update_agent", "agent": 12, "set": self._dice.choice(values)}

    def _restored_ticket(self, at: int) -> dict[str, Any] | None:
        del at
        back = [
            number
            for number, one in self._deleted.items()
            if "rating" not in one and one["customer"] in self._people
        ]
        if not back:
            return None
        number = self._dice.choice(back)
        self._tickets[number] = self._deleted.pop(number)
        return {"do": "restore_ticket", "ticket": number}

    def _redacted(self, at: int) -> dict[str, Any] | None:
        del at
        number = self._any_ticket()
        if number is None:
            return None
        texts = self._tickets[number]["texts"]
        place = self._dice.randrange(len(texts))
        words = texts[place].split(" ")[-1]
        if words.startswith(_BLACK):
            return None
        texts[place] = texts[place].replace(words, _BLACK * len(words))
        return {"do": "redact_message", "ticket": number, "message": place, "words": words}

    def _made_private(self, at: int) -> dict[str, Any] | None:
        del at
        number = self._any_ticket()
        if number is None:
            return None
        place = self._dice.randrange(len(self._tickets[number]["texts"]))
        return {"do": "make_private", "ticket": number, "message": place}

    def _identity(self, at: int) -> dict[str, Any]:
        who = self._dice.choice(self._people)
        told = {"type": "email", "value": f"other{at}@mail.example"}
        return {"do": "add_identity", "customer": who, "identity": told}
