"""A statement that is tied to no account cannot be run, whatever it reads or changes."""

from __future__ import annotations

import ast
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from memory.record import Record, engine, guard
from memory.record import tables as t
from memory.record.guard import NoAccountError, every_account
from tests.support.book import Book, customer

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.sql import Executable

P, I, O, M = t.person.c, t.identity.c, t.organization.c, t.message.c  # noqa: E741
ROOT = Path(__file__).parents[3]

EMPTY = sa.select(I.account, I.value).where(I.account == 1).subquery()
SECOND = t.person.alias()

TIED: dict[str, Executable] = {
    "a value": sa.select(P.id).where(P.account == 1),
    "a value on the left": sa.select(P.id).where(sa.bindparam("of", 1) == P.account),
    "one of several": sa.select(P.id).where(P.account.in_([1, 2])),
    "a join": sa.select(I.value)
    .join(t.person, sa.and_(P.account == I.account, P.id == I.person_id))
    .where(I.account == 1),
    "an outer join": sa.select(P.id)
    .outerjoin(t.organization, O.account == P.account)
    .where(P.account == 1),
    "a correlated question": sa.select(P.id).where(
        P.account == 1, sa.exists().where(I.account == P.account)
    ),
    "an alias": sa.select(SECOND.c.id).where(SECOND.c.account == 1),
    "an update": t.person.update().where(P.account == 1).values(name="x"),
    "a delete": t.person.delete().where(
        P.account == 1, P.id.in_(sa.select(I.person_id).where(I.account == 1))
    ),
    "a union": sa.union_all(
        sa.select(P.id).where(P.account == 1), sa.select(I.person_id).where(I.account == 1)
    ),
    "a subquery": sa.select(P.id).join_from(EMPTY, t.person, P.account == EMPTY.c.account),
    "all, and it says so": sa.select(sa.func.max(P.id)).where(every_account(t.person)),
    "the accounts themselves": sa.select(t.account),
    "no table": sa.select(sa.literal(1)),
}

LOOSE: dict[str, Executable] = {
    "nothing": sa.select(P.id),
    "an id": sa.select(P.id).where(P.id == "100"),
    "either": sa.select(P.id).where(sa.or_(P.account == 1, P.id == "100")),
    "all but one": sa.select(P.id).where(P.account != 1),
    "not": sa.select(P.id).where(~sa.and_(P.account == 1, P.id == "100")),
    "itself": sa.select(P.id).where(P.account == P.account),
    "one another": sa.select(P.id).join(t.identity, I.account == P.account),
    "another column": sa.select(P.id).join(t.identity, I.account == 1).where(P.account == I.value),
    "the right of an outer join": sa.select(P.id)
    .outerjoin(t.organization, O.account == P.account)
    .where(O.account == 1),
    "the left in an outer join": sa.select(P.id).outerjoin(
        t.organization, sa.and_(O.account == 1, P.account == 1)
    ),
    "a full join": sa.select(P.id).outerjoin(
        t.organization, sa.and_(O.account == 1, P.account == 1), full=True
    ),
    "a join by id": sa.select(P.id)
    .outerjoin(t.organization, O.id == P.organization_id)
    .where(P.account == 1),
    "a correlated question by id": sa.select(P.id).where(
        P.account == 1, sa.exists().where(I.person_id == P.id)
    ),
    "a subquery of all": sa.select(P.id).where(P.account == 1, P.id.in_(sa.select(I.person_id))),
    "a column of all": sa.select(
        P.id, sa.select(sa.func.count()).select_from(t.ticket).scalar_subquery()
    ).where(P.account == 1),
    "an alias": sa.select(SECOND.c.id).where(P.account == 1),
    "an update": t.person.update().where(P.id == "100").values(name="x"),
    "an update with a subquery": t.person.update()
    .where(P.account == 1)
    .values(name=sa.select(O.name).where(O.id == P.organization_id).scalar_subquery()),
    "a delete": t.person.delete(),
    "half of a union": sa.union_all(sa.select(P.id).where(P.account == 1), sa.select(I.person_id)),
    "what is inserted": t.person.insert().from_select(
        ["account", "id"], sa.select(I.account, I.person_id)
    ),
    "what is read from": sa.select(sa.select(M.text).subquery().c.text),
}


@pytest.fixture(scope="module", params=["sqlite://", "postgresql://nobody@127.0.0.1:9/nothing"])
def opened(request: pytest.FixtureRequest) -> sa.Engine:
    """An engine that is opened as for a record; nothing is connected."""
    return engine.open_engine(request.param)


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard as the program has it, which looks at what tests ask, too."""
    monkeypatch.setattr(guard, "check", getattr(guard.check, "__wrapped__", guard.check))


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("how", TIED)
def test_what_is_tied_passes(opened: sa.Engine, how: str) -> None:
    """By a value, or by another table that is tied; who means all says so."""
    assert str(TIED[how].compile(opened))  # type: ignore[attr-defined]


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("how", LOOSE)
def test_what_is_loose_is_not_compiled(opened: sa.Engine, how: str) -> None:
    """Not even where only one table in one subquery is."""
    with pytest.raises(NoAccountError):
        LOOSE[how].compile(opened)  # type: ignore[attr-defined]


@pytest.mark.usefixtures("strict")
def test_nothing_of_it_is_run(book: Any) -> None:
    """It raises before the database hears of it; the error tells the table and no value."""
    everybody = t.organization.delete().where(t.organization.c.name == "Quincewort")
    with book.record.writing(book.account) as writer, pytest.raises(NoAccountError) as caught:
        writer.connection.execute(everybody)
    assert "organization" in str(caught.value)
    assert "Quincewort" not in str(caught.value)


def test_the_program_is_looked_at_while_tests_ask(book: Any, monkeypatch: Any) -> None:
    """That tests may peek frees nothing that the program asks on their behalf."""
    seen: list[object] = []
    plain = guard.check.__wrapped__  # type: ignore[attr-defined]
    spoiled = sa.select(t.consent.c.answer, t.alias.c.alias).where(t.alias.c.account == 1)
    monkeypatch.setitem(guard.check.__globals__, "_TESTS", "/nowhere")
    assert plain is not guard.check
    with book.record.reading() as connection, pytest.raises(NoAccountError):
        seen.append(connection.execute(spoiled))
    assert not seen


def test_what_a_test_asks_is_not_passed_to_the_program(
    new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the records of tests share what was compiled frees nothing, either."""
    everybody = sa.select(t.alias.c.alias)
    with closing(Record.open(new_database())) as one, one.reading() as connection:
        assert connection.execute(everybody).all() == []
    monkeypatch.setitem(guard.check.__globals__, "_TESTS", "/nowhere")
    with (
        closing(Record.open(new_database())) as other,
        other.reading() as connection,
        pytest.raises(NoAccountError),
    ):
        connection.execute(everybody)


def test_what_the_program_asks_is_compiled_once(
    new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """For all records of a test's process, once it was looked at."""
    first = Book(new_database())
    first.people(customer())
    looked: list[object] = []
    monkeypatch.setattr(guard, "check", lambda *told: looked.append(told))
    second = Book(new_database())
    second.people(customer())
    first.record.close()
    second.record.close()
    assert looked == []


def test_no_text_goes_around_it() -> None:
    """Statements as text are pragmas and the revision's; none names a table of the record."""
    names = {table.name for table in t.metadata.sorted_tables}
    found = []
    for file in (*(ROOT / "memory").rglob("*.py"), *(ROOT / "connector").rglob("*.py")):
        if "migrations" in file.parts or file == ROOT / "memory/record/tables.py":
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in {"text", "exec_driver_sql"}:
                words = {
                    word
                    for part in ast.walk(node)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                    for word in part.value.replace('"', " ").split()
                }
                found += [f"{file.name}:{node.lineno}" for _ in words & names]
    assert found == []
