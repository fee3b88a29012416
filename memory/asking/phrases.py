"""The English words of the printed brief; the document itself has none."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from memory.asking.document import Item, Promise, Rhythm

_OWNERS: Mapping[str, str] = {
    "partner": "their partner",
    "child": "their child",
    "parent": "a parent",
    "relative": "a relative",
    "friend": "a friend",
    "pet": "their pet",
}
_CARE: Mapping[str, tuple[str, str]] = {
    "bereavement": ("a loss", "loss of {}"),
    "health": ("their health", "the health of {}"),
    "family_care": ("caring for someone", "caring for {}"),
    "hardship": ("a hard time", "a hard time of {}"),
    "feeling": ("how they felt", "how {} felt"),
}
_KINDS: Mapping[str, str] = {
    "access_need": "what they need of us",
    "contact_rule": "how to reach them",
    "preference": "how they like to be served",
    "life_event": "something in their life",
    "work": "their work",
    "interest": "what they love",
    "loyalty": "their time with us",
    "note": "a note",
    "issue": "earlier issues",
    "promise": "promises",
    "check": "things to check",
    "never_kept": "told us, never kept",
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def kind_words(kind: str, relation: str | None = None) -> str:
    """A kind, and whose it is, without anything that was said: "loss of a friend"."""
    if kind in _CARE:
        alone, owned = _CARE[kind]
        owner = _OWNERS.get(relation or "")
        return owned.format(owner) if owner else alone
    return _KINDS.get(kind, kind.replace("_", " "))


def items_words(items: Sequence[Item], longest: int, today: date) -> str:
    """Items in a line: their quotes where they may be shown, else their kinds and ages.

    A day that an item is about is said beside it, and whether that has passed.
    """
    told = "told us " if len(items) == 1 else ""
    return "; ".join(_item_words(item, longest, today, told) for item in items)


def _item_words(item: Item, longest: int, today: date, told: str) -> str:
    # The day of a death or a funeral says less, at a glance, than how fresh the loss is.
    dated = item["about_on"] if item["kind"] != "bereavement" else None
    about = when_words(dated, today) if dated else None
    if item["quote"] is not None:
        words = f"“{shorten(item['quote'], longest)}”"
        return f"{words} ({about})" if about else words
    kind = kind_words(item["kind"], item["relation"])
    return f"{kind}, {about or told + ago(item['said_days_ago'])}"


def when_words(day: str, today: date) -> str:
    """A day, and how far off it is: "9 Jul, in 2 days", "2 Jul, 5 days ago"."""
    ahead = (date.fromisoformat(day) - today).days
    if ahead > 1:
        return f"{short_day(day, today)}, in {ahead} days"
    if ahead >= 0:
        return "tomorrow" if ahead else "today"
    return f"{short_day(day, today)}, {ago(-ahead)}"


def ago(days: int) -> str:
    """How long ago, in the largest unit that says it."""
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    for size, unit in ((365, "year"), (30, "month"), (7, "week")):
        if days >= 2 * size:
            return f"{days // size} {unit}s ago"
    return f"{days} days ago"


def promise_words(promise: Promise, today: date, longest: int) -> str:
    """What was promised and how it stands: "call back by 5 Jul, 2 days late".

    Args:
        promise: The document's.
        today: The day it is.
        longest: At most so many words of its title.
    """
    words = shorten(promise["title"], longest)
    parts = [words[:1].lower() + words[1:]]
    if promise["due_on"] is not None:
        parts[0] += f" by {short_day(promise['due_on'], today)}"
    late = promise["overdue_days"]
    if late:
        parts.append(f"{late} day{'s' if late > 1 else ''} late")
    elif promise["state"] == "kept":
        parts.append("kept")
    if promise["hidden"]:
        parts[0] += " (private)"
    return ", ".join(parts)


def lasting(days: int) -> str:
    """How long something has been so."""
    return "since today" if days <= 0 else "1 day" if days == 1 else f"{days} days"


def rhythm_words(rhythm: Rhythm) -> str:
    """How regularly: "calls about weekly, Tuesdays"."""
    every = rhythm["every_days"]
    named = {1: "about daily", 7: "about weekly", 14: "about every two weeks"}
    near = {6: 7, 8: 7, 13: 14, 15: 14}.get(every, every)
    words = named.get(near, f"about every {every} days" if every < 28 else "about monthly")
    weekday = rhythm["weekday"]
    return f"calls {words}" + (f", {_WEEKDAYS[weekday - 1]}s" if weekday else "")


def rang_words(days: Sequence[str], today: date) -> str:
    """How often somebody rang in vain, and when: "rang twice yesterday, nobody answered".

    Args:
        days: The day of each such call, the latest first.
        today: The day it is.
    """
    times = times_words(len(days))
    if days[0] == days[-1]:
        gone = (today - date.fromisoformat(days[0])).days
        when = ago(gone) if gone <= 1 else short_day(days[0], today)
    else:
        when = f"since {short_day(days[-1], today)}"
    return f"rang {times} {when}, nobody answered"


def times_words(times: int) -> str:
    """How often, as people say it."""
    return {1: "once", 2: "twice"}.get(times, f"{times} times")


def short_day(day: str, today: date) -> str:
    """A day as people say it: the year only where it is another."""
    then = date.fromisoformat(day)
    return f"{then.day} {then:%b}" + ("" if then.year == today.year else f" {then.year}")


def shorten(text: str, longest: int) -> str:
    """At most that many words, on one line, with an ellipsis where some are missing."""
    words = text.split()
    return " ".join(words[:longest]) + (" …" if len(words) > longest else "")


def count_words(text: str) -> int:
    """Words are what stands between spaces and holds a letter or digit."""
    return sum(any(letter.isalnum() for letter in word) for word in text.split())
