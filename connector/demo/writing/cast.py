"""The other customers: who they are is written by hand, what they write about falls by chance."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from connector.demo.writing.dice import Dice
from connector.demo.writing.phrasebook import SATURDAY, Phrasebook
from connector.demo.writing.script import AS_OF, Json

DIRECTIONS = ("agents", "manner", "tells", "visits")
"""What a customer's entry says for the writer alone, and the story does not repeat."""

OPENED = datetime(2023, 7, 3, tzinfo=UTC)
LAST_DAY = datetime(2026, 7, 6, tzinfo=UTC)


def tickets(person: Json, book: Phrasebook, dice: Dice) -> Iterator[Json]:
    """Yield a customer's scripted tickets, oldest first; what they tell comes with the latest."""
    count = person.get("visits") or dice.between(2, 11)
    told = dict(zip(range(count - 1, -1, -1), reversed(person.get("tells", [])), strict=False))
    had: list[str] = []
    for place, at in enumerate(_times(person, count, dice)):
        scenario = book.choose(dice, had)
        had.append(scenario["name"])
        yield book.ticket(scenario, person, at, dice, told.get(place))


def _times(person: Json, count: int, dice: Dice) -> list[datetime]:
    """Return working hours on the American east coast, where a day is the same day in UTC."""
    begin = max(OPENED, person["created_at"])
    days = (LAST_DAY - begin).days
    chosen = {begin.date() + timedelta(days=dice.between(0, days)) for _ in range(count * 3)}
    workdays = [day for day in sorted(chosen) if day.weekday() < SATURDAY]
    kept = sorted(dice.shuffled(workdays)[:count])
    times = [
        datetime(day.year, day.month, day.day, 13, tzinfo=UTC)
        + timedelta(minutes=dice.between(5, 420))
        for day in kept
    ]
    return [at for at in times if at < AS_OF]
