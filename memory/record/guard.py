"""Keeps accounts apart: a statement that would touch rows of several cannot be run.

Every table but the accounts' own has the account in its key. While a statement is compiled, each
SELECT, UPDATE and DELETE in it is looked at: a table that is tied to no account raises, before the
database hears of it. What was compiled once is run from SQLAlchemy's cache ever after, so that this
costs nothing while a phone rings. Text that goes to the driver as it is, is not seen here; there is
none but pragmas and migrations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BooleanClauseList, Grouping, Null
from sqlalchemy.sql.selectable import Join

from memory.record import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

_KEY: Final = "account"


class NoAccountError(RuntimeError):
    """A statement is tied to no account. The fault is the program's; nothing was run."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(f"A statement is tied to no account in: {', '.join(sorted(names))}.")


def install(engine: sa.Engine) -> None:
    """Have every statement of an engine looked at when it is compiled."""
    plain: Any = engine.dialect.statement_compiler

    class Guarded(plain):  # type: ignore[misc]  # the database says which class it is
        def _setup_select_stack(self, select: sa.Select[Any], *more: Any) -> Any:
            froms = super()._setup_select_stack(select, *more)  # what stands after FROM
            check(froms, select.whereclause)
            return froms

        def visit_update(self, update_stmt: sa.Update, *more: Any, **options: Any) -> Any:
            check([update_stmt.table], update_stmt.whereclause)
            return super().visit_update(update_stmt, *more, **options)

        def visit_delete(self, delete_stmt: sa.Delete, *more: Any, **options: Any) -> Any:
            check([delete_stmt.table], delete_stmt.whereclause)
            return super().visit_delete(delete_stmt, *more, **options)

    engine.dialect.statement_compiler = Guarded


def every_account(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """The condition with which a statement says that it means the rows of all accounts."""
    return table.c[_KEY].is_not(None)


def check(froms: Iterable[Any], where: sa.ColumnElement[Any] | None) -> None:
    """Look whether all tables of one SELECT, UPDATE or DELETE are tied to an account.

    A table is tied by a condition that every row fulfils: its account is a value, one of several
    values, or the account of a table that is tied. What is not among the tables stands around this
    part of the statement, and is looked at there.

    Args:
        froms: What is read or changed, joined or not.
        where: Under which condition.

    Raises:
        NoAccountError: One is not.
    """
    scope = _Scope()
    for one in froms:
        scope.add(one)
    for condition in _conditions(where):
        scope.tie(condition, scope.leaves)
    loose = scope.loose()
    if loose:
        raise NoAccountError(loose)


class _Scope:
    """The tables of one part of a statement, and what ties them.

    Attributes:
        leaves: Tables, aliases and subqueries.
    """

    def __init__(self) -> None:
        self.leaves: set[sa.FromClause] = set()
        self._tied: set[sa.FromClause] = set()
        self._ties: list[tuple[sa.FromClause, sa.FromClause]] = []

    def add(self, one: sa.FromClause) -> None:
        """Take in a table, or all that are joined."""
        if not isinstance(one, Join):
            self.leaves.add(one)
            return
        self.add(one.left)
        before = frozenset(self.leaves)
        self.add(one.right)
        if one.full:
            return
        # Of an outer join the rows on the left stay whatever the condition says.
        which = self.leaves - before if one.isouter else self.leaves
        for condition in _conditions(one.onclause):
            self.tie(condition, which)

    def tie(self, condition: sa.ColumnElement[Any], which: AbstractSet[sa.FromClause]) -> None:
        """Take in a condition that every row of these tables fulfils."""
        if not isinstance(condition, sa.BinaryExpression):
            return
        one, other = condition.left, condition.right
        if condition.operator is operators.eq:
            self._tie(_table_of(one), other, which)
            self._tie(_table_of(other), one, which)
        elif condition.operator is operators.in_op or (
            condition.operator is operators.is_not and isinstance(other, Null)
        ):
            self._tie(_table_of(one), None, which)

    def loose(self) -> set[str]:
        """The names of the tables that are tied to no account."""
        known = self._tied | {one for one in self.leaves if not _of_accounts(one)}
        here = self.leaves - known
        while found := {
            one for one, other in self._ties if one in here and other not in here - {one}
        }:
            here -= found
        return {getattr(one, "name", "") for one in here}

    def _tie(self, table: sa.FromClause | None, to: Any, which: AbstractSet[sa.FromClause]) -> None:
        if table is None or table not in which:
            return
        if not isinstance(to, sa.ColumnClause):
            self._tied.add(table)
        elif (other := _table_of(to)) is not None and other is not table:
            self._ties.append((table, other))


def _conditions(where: Any) -> Iterator[sa.ColumnElement[Any]]:
    """What has to be true together."""
    if isinstance(where, Grouping):
        yield from _conditions(where.element)
    elif isinstance(where, BooleanClauseList) and where.operator is operators.and_:
        for one in where.clauses:
            yield from _conditions(one)
    elif where is not None:
        yield where


def _table_of(column: Any) -> sa.FromClause | None:
    """Whose account a column is, where it is one."""
    if isinstance(column, sa.ColumnClause) and column.name == _KEY:
        found: sa.FromClause | None = column.table
        return found
    return None


def _of_accounts(one: Any) -> bool:
    """Whether it is a table with rows of several accounts; a subquery is looked at by itself."""
    while isinstance(one, sa.Alias):
        one = one.element
    return isinstance(one, sa.Table) and one.metadata is t.metadata and _KEY in one.c
