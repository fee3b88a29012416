"""The brief as lines for a person, in English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from memory.asking.limits import fits
from memory.asking.phrases import (
    count_words,
    items_words,
    kind_words,
    lasting,
    promise_words,
    rang_words,
    rhythm_words,
    short_day,
    shorten,
    times_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from memory.asking.document import Brief, Item

ANY_LENGTH = 10_000

RESTATED = 17
"""From so many words of a quote on, the last contact is told in the customer's words as well."""

_NAME_LINE = 3
"""The name line holds so many times the words of a quote."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the printed brief.

    Attributes:
        section: The key of the document it comes from; `name` for the first line.
        label: What stands in front, without the colon; empty for the first line.
        text: The words.
    """

    section: str
    label: str
    text: str

    def __str__(self) -> str:
        """The line as plain text."""
        return f"{self.label}: {self.text}" if self.label else self.text


def lines_of(
    brief: Brief,
    *,
    full: bool = False,
    longest: int = ANY_LENGTH,
    say: bool = True,
    zone: tzinfo = UTC,
) -> list[Line]:
    """The lines of a brief, most needed first.

    Args:
        brief: The document.
        full: Everything; else what is marked for the first view.
        longest: At most so many words of any quote or title.
        say: Whether to end with what may be said; in the first view only where it has a place.
        zone: Whose day it is: the account's time zone.
    """
    if brief["customer"] is None:
        return [*_nobody(brief), *(_say(brief) if say else ())]
    today = datetime.fromisoformat(brief["as_of"]).astimezone(zone).date()
    lines = list(_known(brief, today, full=full, longest=longest))
    for line in _say(brief) if say else ():
        if full or fits([count_words(str(one)) for one in (*lines, line)]):
            lines.append(line)
    return [*lines, *(_withheld(brief) if full else ())]


def _say(brief: Brief) -> Iterator[Line]:
    for one in brief["suggestions"]:
        yield Line("suggestions", "Say", f'"{one["text"]}"')


def _nobody(brief: Brief) -> Iterator[Line]:
    match brief["match"]["outcome"]:
        case "hidden":
            yield Line("name", "", "The number is hidden; nobody can be recognised by it.")
        case "none":
            yield Line("name", "", "Nobody known by that.")
        case _:
            yield Line(
                "name",
                "",
                f"{len(brief['match']['candidates'])} people share this number. Ask who it is.",
            )
            for one in brief["match"]["candidates"]:
                last = one["last_contact_on"]
                parts = [
                    shorten(one["name"] or one["ref"], ANY_LENGTH),
                    one["organization"] and shorten(one["organization"], ANY_LENGTH),
                    last and f"last contact {last}",
                ]
                yield Line("candidates", one["ref"], " · ".join(part for part in parts if part))


def _known(brief: Brief, today: date, *, full: bool, longest: int) -> Iterator[Line]:
    yield Line("name", "", _name(brief, longest))
    for section, label in (("adjustments", "Please"), ("care", "Care"), ("context", "Told us")):
        items: list[Item] = brief[section]  # type: ignore[literal-required]  # the three lists of items
        shown = [item for item in items if full or item["first_view"]]
        if shown:
            yield Line(section, label, items_words(shown, longest, today))
        elif section == "care":
            yield from _counted_care(brief)
    missed = [one["on"] for one in brief["missed"] if full or one["first_view"]]
    if missed:
        yield Line("missed", "Missed", rang_words(missed, today))
    yield from _you(brief, today, longest)
    yield from _promises(brief, today, full=full, longest=longest)
    yield from _open(brief, today, full=full, longest=longest)
    yield from _before(brief, today, full=full, longest=longest)
    yield from _preferred(brief, longest)
    checks = [one for one in brief["check"] if full or one["first_view"]]
    if checks:
        yield Line("check", "Check", "; ".join(shorten(one["what"], longest) for one in checks))


def _name(brief: Brief, longest: int) -> str:
    """Who it is, without what is needed least where three times `longest` words do not hold it."""
    customer = brief["customer"]
    if customer is None:
        return ""
    told = [
        shorten(customer["name"] or customer["ref"], longest),
        customer["pronunciation"] and f"say {shorten(customer['pronunciation'], longest)}",
        customer["organization"] and shorten(customer["organization"], longest),
        f"since {customer['since'][:4]}",
        customer["rhythm"] and rhythm_words(customer["rhythm"]),
    ]
    parts = [part for part in told if part]
    while count_words(" ".join(parts)) > _NAME_LINE * longest:
        parts.pop()
    return " · ".join(parts)


def _counted_care(brief: Brief) -> Iterator[Line]:
    care = {"bereavement", "health", "family_care", "hardship", "feeling"}
    count = sum(
        one["count"]
        for one in brief["withheld"]
        if one["kind"] in care and one["why"] == "unverified"
    )
    if count:
        yield Line(
            "care", "Care", f"{count} personal matter{'s' if count > 1 else ''}, once verified"
        )


def _you(brief: Brief, today: date, longest: int) -> Iterator[Line]:
    you, last = brief["you"], brief["last"]
    if you is not None:
        parts = [f"Last {short_day(you['last_on'], today)}"]
        if you["minutes"] and you["minutes"] >= 1:
            parts.append(f"{you['minutes']:.0f} min")
        if you["last_about"]:
            parts.append(shorten(you["last_about"], longest))
        talks = f"{you['times']} talk{'s' if you['times'] > 1 else ''}"
        yield Line("you", "You", f"{talks}. {', '.join(parts)}")
    elif last is not None:
        parts = [short_day(last["on"], today), last["channel"]]
        if last["minutes"] and last["minutes"] >= 1:
            parts.append(f"{last['minutes']:.0f} min")
        if last["agent"]:
            parts.append(f"with {shorten(last['agent'], longest)}")
        if last["tone"] == "bad":
            parts.append("left unhappy")
        if last["restatement"] and longest >= RESTATED:
            parts.append(f"“{shorten(last['restatement'], longest)}”")
        yield Line("last", "Last", ", ".join(parts))


def _promises(brief: Brief, today: date, *, full: bool, longest: int) -> Iterator[Line]:
    for one in brief["promises"]:
        if full or one["first_view"]:
            yield Line("promises", "Promise", promise_words(one, today, longest))


def _open(brief: Brief, today: date, *, full: bool, longest: int) -> Iterator[Line]:
    for one in brief["open"]:
        if full or one["first_view"]:
            number = one["ticket"].partition(":")[2]
            age = (today - date.fromisoformat(one["opened_on"])).days
            title = shorten(one["title"], longest)
            private = " (private)" if one["hidden"] and brief["verified"] else ""
            yield Line("open", "Open", f"#{number} {title}{private}, {lasting(age)}")


def _before(brief: Brief, today: date, *, full: bool, longest: int) -> Iterator[Line]:
    for one in brief["before"]:
        if full or one["first_view"]:
            if one["times"] > 1:
                when = f"{times_words(one['times'])} since {short_day(one['first_on'], today)}"
            else:
                when = short_day(one["last_on"], today)
            private = " (private)" if one["hidden"] else ""
            yield Line("before", "Before", f"{shorten(one['title'], longest)}{private}, {when}")


def _preferred(brief: Brief, longest: int) -> Iterator[Line]:
    preferred = brief["preferred_agent"]
    if preferred is None:
        return
    name = "you" if preferred["is_you"] else preferred["agent"]["name"] or preferred["agent"]["ref"]
    name = shorten(name, longest)
    reason = preferred["reason"]
    times, of = reason["times"], reason["of"]
    why = {
        "asked_by_name": f"asked for by name {times_words(times)}",
        "contact_time": f"{times} of {of} talks",
        "rated": f"rated well {times_words(times)}",
        "solved": f"solved {times} of {of}",
    }[reason["code"]]
    yield Line("preferred_agent", "Rather speaks to", f"{name}, {why}")


def _withheld(brief: Brief) -> Iterator[Line]:
    words = {"unverified": "until verified", "policy": "by policy", "never_kept": "not stored"}
    words["hidden"] = "hidden until revealed"
    for one in brief["withheld"]:
        why = words.get(one["why"], one["why"])
        yield Line("withheld", "Withheld", f"{one['count']} of {kind_words(one['kind'])}, {why}")
