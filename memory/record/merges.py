"""Whose records have become one: what a helpdesk says of it, and what its rows let see.

A merge moves the loser's tickets and identities to the winner; few helpdesks say so in words. The
table holds for every loser who they are now, never a loser in turn.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.entities import Merge, Role
from memory.record import tables as t
from memory.record.erasing import agents_among, erase_person
from memory.record.forgotten import are_forgotten, forgotten
from memory.record.identities import IDENTITIES
from memory.record.kept import move_kept
from memory.record.outbox import put_in_outbox
from memory.record.rings import move_rings
from memory.record.terms import VISIBLE
from memory.record.upserts import Row, chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from memory.record.forgotten import Reason
    from memory.record.stored import Stored

_HANDED_ON = {"phone", "email"}
"""The kinds of identity that go over with a merge; a phone that only a profile names does not."""


def winners(connection: sa.Connection, account: int, ids: Iterable[str | None]) -> dict[str, str]:
    """Of these people those who lost a merge, with who they are now."""
    m = t.merge.c
    found: dict[str, str] = {}
    for chunk in chunks(sorted({one for one in ids if one is not None})):
        rows = connection.execute(
            sa.select(m.loser_id, m.winner_id).where(m.account == account, m.loser_id.in_(chunk))
        )
        found.update((row.loser_id, row.winner_id) for row in rows)
    return found


def store_merges(
    connection: sa.Connection, account: int, merges: Sequence[Merge], at: datetime
) -> None:
    """Make losers and winners one, in whatever order merges of merged people come.

    Notes, corrections and opt-outs go over to the winner at once and for good, and so does what
    points to the loser; all tickets with the loser's words are remembered again. Whoever becomes
    somebody forgotten is forgotten as well; whom somebody forgotten becomes is not kept.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        merges: As the helpdesk tells them, or as they were inferred.
        at: When that was known.
    """
    for one in merges:
        now = winners(connection, account, (one.winner_id, one.loser_id))
        winner = now.get(one.winner_id, one.winner_id)
        if winner in (one.loser_id, now.get(one.loser_id)):
            continue
        if are_forgotten(connection, account, [one.loser_id]):
            continue
        m = t.merge.c
        connection.execute(
            t.merge.update()
            .where(m.account == account, m.winner_id == one.loser_id)
            .values(winner_id=winner)
        )
        row: Row = {"account": account, "loser_id": one.loser_id, "winner_id": winner}
        upsert(connection, t.merge, [row])
        why = _why_forgotten(connection, account, winner)
        if why is not None:
            erase_person(connection, account, one.loser_id, reason=why, at=at)
        else:
            _hand_over(connection, account, one.loser_id, winner, at)


def part_again(connection: sa.Connection, account: int, person_ids: Sequence[str]) -> None:
    """These are people of their own again: what they wrote is theirs, and no longer a winner's."""
    m, c = t.merge.c, t.message.c
    connection.execute(t.merge.delete().where(m.account == account, m.loser_id.in_(person_ids)))
    wrote = sa.select(c.ticket_id).distinct()
    put_in_outbox(
        connection,
        account,
        connection.scalars(wrote.where(c.account == account, c.author_id.in_(person_ids))),
    )


def _why_forgotten(connection: sa.Connection, account: int, person_id: str) -> Reason | None:
    found = forgotten(connection, account, person_id)
    return found.reason if found is not None else None


def _hand_over(
    connection: sa.Connection, account: int, loser: str, winner: str, at: datetime
) -> None:
    p, c, m = t.person.c, t.ticket.c, t.message.c
    connection.execute(
        t.person.update()
        .where(p.account == account, p.id == loser)
        .values(
            active=False,
            identities_due=False,
            left_at=sa.func.coalesce(p.left_at, sa.literal(at, t.UtcTime)),
        )
    )
    requested = sa.and_(c.account == account, c.requester_id == loser)
    tickets = set(connection.scalars(sa.select(c.id).where(requested)))
    wrote = sa.select(m.ticket_id).distinct()
    tickets |= set(connection.scalars(wrote.where(m.account == account, m.author_id == loser)))
    connection.execute(
        t.ticket.update().where(requested).values(requester_id=winner, former_requester_id=loser)
    )
    k = t.call.c
    connection.execute(
        t.call.update()
        .where(k.account == account, k.customer_id == loser)
        .values(customer_id=winner)
    )
    move_kept(connection, account, loser, winner)
    move_rings(connection, account, loser, winner)
    _hand_over_identities(connection, account, loser, winner)
    put_in_outbox(connection, account, tickets)


def _hand_over_identities(connection: sa.Connection, account: int, loser: str, winner: str) -> None:
    """What pointed to the loser points to the winner, until the winner's own list says better."""
    i, p = t.identity.c, t.person.c
    theirs = sa.and_(i.account == account, i.person_id == loser)
    found = connection.execute(sa.select(t.identity).where(theirs)).mappings()
    # As if from the winner's list: what that does not name when it is read, goes again.
    rows: list[Row] = [{**row, "person_id": winner, "source": IDENTITIES} for row in found]
    upsert(connection, t.identity, rows, keep=("shared", "confirmed", "source"))
    connection.execute(t.identity.delete().where(theirs))
    if rows:
        connection.execute(
            t.person.update()
            .where(p.account == account, p.id == winner, p.active, p.role == Role.CUSTOMER.value)
            .values(identities_due=True)
        )


@dataclass(slots=True)
class _Case:
    """What speaks for one customer's having been merged into whom.

    Attributes:
        tickets: How many that were theirs are now each other customer's.
        opened: How many that begin with their words are each other customer's.
        own: What reached them: kind and value.
        owns: Of that, what now reaches each other customer.
    """

    tickets: Counter[str] = field(default_factory=Counter)
    opened: Counter[str] = field(default_factory=Counter)
    own: set[tuple[str, str]] = field(default_factory=set)
    owns: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))

    def winner(
        self, left_at: datetime | None, others: Mapping[str, Stored], *, gone: bool
    ) -> str | None:
        """Who they are now, if anybody.

        A customer who left and whose tickets an agent had given to another is not merged: the
        other is then not reached by anything that reached them. Who is `gone` without a trace is
        whoever has their tickets, or one of their addresses, which no two people have.
        """
        took = [
            who
            for who in self.tickets
            if who in others
            and (gone or not self.own or self.owns.get(who) or others[who].identities_due)
        ]
        if took:
            return max(took, key=lambda who: (len(self.owns[who]), self.tickets[who], who))
        heirs = [
            who
            for who, what in sorted(self.owns.items())
            if who in others
            and (what == self.own or (gone and "email" in dict(what)))
            and (left_at is None or others[who].created_at < left_at)
        ]
        if heirs:
            return heirs[0]
        opened = [who for who in self.opened if who in others]
        return opened[0] if not self.own and len(self.opened) == len(opened) == 1 else None


def infer_merges(
    connection: sa.Connection, account: int, at: datetime, only: str | None = None
) -> None:
    """Store the merges that nobody told, but that the rows of all concerned let see.

    Who is not active, has no ticket left, and whose tickets or identities are another's, has been
    merged into them. Of somebody who was gone before the record first heard of them, that tickets
    begin with their words is all that is left to see.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        at: The present.
        only: Of somebody whom the helpdesk no longer has; of everybody who left unless given.
    """
    p = t.person.c
    cases = _cases(connection, account, only)
    wanted = {who for case in cases.values() for who in (*case.tickets, *case.opened, *case.owns)}
    people: dict[str, Stored] = {}
    for chunk in chunks(sorted(wanted | set(cases))):
        rows = connection.execute(
            sa.select(p.id, p.role, p.active, p.created_at, p.left_at, p.identities_due).where(
                p.account == account, p.id.in_(chunk)
            )
        )
        people.update((row.id, row) for row in rows)
    others = {
        key: row for key, row in people.items() if row.active and row.role == Role.CUSTOMER.value
    }
    found = {
        loser: case.winner(people[loser].left_at, others, gone=only is not None)
        for loser, case in cases.items()
    }
    merges = [Merge(loser, winner) for loser, winner in sorted(found.items()) if winner is not None]
    agents = agents_among(connection, account, [one.loser_id for one in merges])
    merges = [one for one in merges if one.loser_id not in agents]
    store_merges(connection, account, merges, at)


def _cases(connection: sa.Connection, account: int, only: str | None) -> dict[str, _Case]:
    """What speaks for a merge of each customer who left without a ticket."""
    p, c, m = t.person.c, t.ticket.c, t.merge.c
    left = sa.select(p.id).where(
        p.account == account,
        p.role == Role.CUSTOMER.value,
        ~p.active,
        sa.true() if only is None else p.id == only,
        ~sa.exists().where(m.account == account, m.loser_id == p.id),
        ~sa.exists().where(c.account == account, c.requester_id == p.id, VISIBLE),
    )
    cases: dict[str, _Case] = defaultdict(_Case)
    for row in connection.execute(_moved(account, left)):
        cases[row.id].tickets[row.other] = row.tickets
    for row in connection.execute(_opened(account, left)):
        cases[row.id].opened[row.other] = row.tickets
    for reached in connection.execute(_reached(account, left)):
        if reached.kind not in _HANDED_ON or (
            reached.kind == "phone" and reached.source != IDENTITIES
        ):
            continue
        what = (reached.kind, reached.value)
        cases[reached.id].own.add(what)
        if reached.other is not None:
            cases[reached.id].owns[reached.other].add(what)
    return dict(cases)


def _moved(account: int, left: sa.Select[tuple[str]]) -> sa.Select[tuple[str, str, int]]:
    """Whose tickets are now how often whose."""
    c = t.ticket.c
    return (
        sa.select(
            c.former_requester_id.label("id"),
            c.requester_id.label("other"),
            sa.func.count().label("tickets"),
        )
        .where(
            c.account == account,
            c.former_requester_id.in_(left),
            c.requester_id.is_not(None),
            VISIBLE,
        )
        .group_by(c.former_requester_id, c.requester_id)
    )


def _opened(account: int, left: sa.Select[tuple[str]]) -> sa.Select[tuple[str, str, int]]:
    """Whose words begin how many tickets of whom."""
    c, m = t.ticket.c, t.message.c
    later = t.message.alias()
    first = (
        sa.select(sa.func.min(later.c.at))
        .where(later.c.account == account, later.c.ticket_id == m.ticket_id)
        .scalar_subquery()
    )
    return (
        sa.select(
            m.author_id.label("id"),
            c.requester_id.label("other"),
            sa.func.count().label("tickets"),
        )
        .join_from(t.message, t.ticket, sa.and_(c.account == m.account, c.id == m.ticket_id))
        .where(
            m.account == account,
            m.author_id.in_(left),
            m.at == first,
            c.requester_id.is_not(None),
            VISIBLE,
        )
        .group_by(m.author_id, c.requester_id)
    )


def _reached(
    account: int, left: sa.Select[tuple[str]]
) -> sa.Select[tuple[str, str, str, str, str]]:
    """What reached whom alone, and whom else it reaches now."""
    i, other = t.identity.c, t.identity.alias()
    return (
        sa.select(
            i.person_id.label("id"),
            i.kind,
            i.value,
            i.source,
            other.c.person_id.label("other"),
        )
        .outerjoin_from(
            t.identity,
            other,
            sa.and_(
                other.c.account == i.account,
                other.c.kind == i.kind,
                other.c.value == i.value,
                other.c.person_id != i.person_id,
                ~other.c.shared,
            ),
        )
        .where(
            i.account == account,
            i.person_id.in_(left),
            ~i.shared,
        )
    )
