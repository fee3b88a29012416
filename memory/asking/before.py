"""What was solved before: a customer's problems, each with all the tickets about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.asking.recurring import IssueText, back_of, groups_of
from memory.asking.signs import says_something
from memory.entities import Status

if TYPE_CHECKING:
    from memory.asking.document import Before
    from memory.asking.facts import Facts, Title
    from memory.asking.view import View
    from memory.record.stored import Stored

_SOLVED = frozenset({Status.SOLVED.value, Status.CLOSED.value})
_WORDS, _REPLY = ("restatement", "detail"), ("resolution", "answer")


def is_solved(ticket: Stored) -> bool:
    """Whether a ticket is solved or closed."""
    return ticket.status in _SOLVED


def before_of(view: View, facts: Facts) -> list[Before]:
    """Problems that were solved, the latest first, with how often and since when.

    A problem that is open again is listed too: its solved tickets are counted, and the open ones
    that came though it had been called solved stand behind them. A ticket whose title is hidden
    stands alone: to group it would tell what it is about.
    """
    titles = {row.id: facts.title(row) for row in facts.tickets}
    hidden = [[row] for row in facts.tickets if titles[row.id].hidden]
    groups, back = _problems(view, facts, titles)
    entries = [
        _entry(view, facts, group, titles, back)
        for group in [*hidden, *groups]
        if any(map(is_solved, group))
    ]
    return sorted(entries, key=lambda one: (one["last_on"], one["tickets"][-1]), reverse=True)


def back_again(view: View, facts: Facts) -> set[str]:
    """The ids of tickets that came though their problem had been called solved."""
    return _problems(view, facts, {row.id: facts.title(row) for row in facts.tickets})[1]


def _problems(
    view: View, facts: Facts, titles: dict[str, Title]
) -> tuple[list[list[Stored]], set[str]]:
    """The tickets with a title by problem, each oldest first, and the ids of those that are back.

    A ticket whose title is hidden is none of them.
    """
    tickets = [row for row in facts.tickets if not titles[row.id].hidden]
    if len(tickets) < 2 or not any(map(is_solved, tickets)):
        return [[row] for row in tickets], set()
    texts = [_text(view, facts, row, titles[row.id]) for row in tickets]
    groups = groups_of(texts)
    back = {tickets[place].id for place in back_of(texts, groups)}
    return [[tickets[place] for place in group] for group in groups], back


def _text(view: View, facts: Facts, ticket: Stored, title: Title) -> IssueText:
    issue = facts.issues.get(ticket.id)
    parts = facts.evidence.get(issue.id, ()) if issue is not None else ()
    return IssueText(
        title=title.text,
        words=" ".join(row.quote for row in parts if row.part in _WORDS),
        reply=" ".join(row.quote for row in parts if row.part in _REPLY),
        vector=facts.vectors.get(ticket.id),
        day=ticket.created_at.astimezone(view.zone).date(),
        status=ticket.status,
        solved_on=ticket.solved_at.astimezone(view.zone).date() if ticket.solved_at else None,
    )


def _entry(
    view: View, facts: Facts, group: list[Stored], titles: dict[str, Title], back: set[str]
) -> Before:
    solved = [row for row in group if is_solved(row)]
    opened = [row for row in group if not is_solved(row)]
    latest = solved[-1]
    title = _title(solved, titles)
    issue = None if title.hidden else facts.issues.get(latest.id)
    resolution = facts.part(issue, "resolution")
    restated = facts.part(issue, "restatement")
    return {
        "title": title.text,
        "times": len(solved),
        "first_on": view.day(solved[0].created_at),
        "last_on": view.day(latest.created_at),
        "outcome": "open" if opened else "solved",
        "resolution": resolution.quote if resolution else None,
        "tickets": [
            *(view.account.ref(row.id) for row in solved),
            *(view.account.ref(row.id) for row in opened if row.id in back),
        ],
        "evidence": [view.evidence(row) for row in (restated, resolution) if row is not None],
        "hidden": title.hidden,
        "first_view": True,
    }


def _title(tickets: list[Stored], titles: dict[str, Title]) -> Title:
    """The latest title that names something; the latest, where none does."""
    found = [titles[row.id] for row in reversed(tickets)]
    return next((one for one in found if says_something(one.text)), found[0])
