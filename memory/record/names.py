"""The words of customers' names, by which one who has no number to show is found.

A name is found by the beginnings of its words in any order. The words are rows of their own,
folded, so that the database's index answers however many customers there are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from memory.entities import Role
from memory.record import tables as t
from memory.record.upserts import Row, upsert
from memory.words import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memory.entities import Person
    from memory.record.terms import Rows

_LONGEST: Final = 60
"""Characters of a word by which a name is found."""

_MOST_WORDS: Final = 12
_LOOKED_AT: Final = 200
"""At most so many names are looked at, those that hold a word itself before longer ones."""

_LAST: Final = "\U0010ffff"
"""The last character there is: where the words that begin with a word end."""


def words_of_name(name: str) -> list[str]:
    """The different words of a name, folded; "O'Brien" is one."""
    found = re.findall(r"\w+", fold(name).replace("'", ""))
    return list(dict.fromkeys(word[:_LONGEST] for word in found))[:_MOST_WORDS]


def store_names(connection: sa.Connection, account: int, people: Sequence[Person]) -> None:
    """Note by which words these people are found, in place of those noted before."""
    forget_names(connection, account, [one.id for one in people])
    rows: list[Row] = [
        {"account": account, "word": word, "person_id": one.id}
        for one in people
        if one.role is Role.CUSTOMER and one.active and one.name
        for word in words_of_name(one.name)
    ]
    upsert(connection, t.name_word, rows)


def forget_names(connection: sa.Connection, account: int, ids: Sequence[str]) -> None:
    """These people are found by no name any more."""
    n = t.name_word.c
    connection.execute(t.name_word.delete().where(n.account == account, n.person_id.in_(ids)))


def people_by_name(connection: sa.Connection, account: int, words: str) -> Rows:
    """Visible customers whose name has a word that begins with each of these words.

    Rows: `id`, `name`, `organization`, whole words first.
    """
    wanted = sorted(words_of_name(words), key=len, reverse=True)
    if not wanted:
        return []
    n, p, o = t.name_word.c, t.person.c, t.organization.c
    conditions = []
    for word in wanted[1:]:
        other = t.name_word.alias()
        conditions.append(
            sa.exists().where(
                other.c.account == account,
                other.c.person_id == n.person_id,
                _begins(other.c.word, word),
            )
        )
    return connection.execute(
        sa.select(p.id, p.name, o.name.label("organization"))
        .join_from(t.name_word, t.person, sa.and_(p.account == n.account, p.id == n.person_id))
        .outerjoin(t.organization, sa.and_(o.account == p.account, o.id == p.organization_id))
        .where(
            n.account == account,
            _begins(n.word, wanted[0]),
            p.active,
            p.role == Role.CUSTOMER.value,
            *conditions,
        )
        .order_by(n.word, n.person_id)
        .limit(_LOOKED_AT)
    ).all()


def people_by_beginning(connection: sa.Connection, account: int, kind: str, value: str) -> Rows:
    """Visible customers with an identity that begins so; rows as of `people_by_name`.

    Args:
        connection: Reads one moment of the record.
        account: The account's number.
        kind: `phone` or `email`.
        value: The beginning of a phone (E.164) or e-mail (casefolded).
    """
    i, p, o = t.identity.c, t.person.c, t.organization.c
    return connection.execute(
        sa.select(p.id, p.name, o.name.label("organization"))
        .join_from(t.identity, t.person, sa.and_(p.account == i.account, p.id == i.person_id))
        .outerjoin(t.organization, sa.and_(o.account == p.account, o.id == p.organization_id))
        .where(
            i.account == account,
            i.kind == kind,
            _begins(i.value, value),
            p.active,
            p.role == Role.CUSTOMER.value,
        )
        .order_by(i.value, i.person_id)
        .limit(_LOOKED_AT)
    ).all()


def _begins(column: sa.ColumnElement[str], word: str) -> sa.ColumnElement[bool]:
    """Said so that an index answers it; every database here orders text by its bytes."""
    return sa.and_(column >= word, column < word + _LAST)
