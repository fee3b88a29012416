"""The access log is a chain: whatever is changed in it later shows."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from memory.record import Record, access
from memory.record import tables as t
from memory.record.chain import FIRST, alias_for
from tests.integration.access.conftest import verdict
from tests.support.book import Book, ago, customer
from tests.support.older import make_older


def change(book: Book, statement: sa.Update | sa.Delete | sa.Insert) -> None:
    """Do to the record what somebody with a database tool would do."""
    with book.record.engine.begin() as connection:
        assert connection.execute(statement).rowcount != 0


def head(book: Book) -> access.Anchor:
    """The newest entry, as an auditor would keep it."""
    with book.record.reading() as connection:
        return access.head(connection, book.number)


def write_anew(book: Book, entries: list[dict[str, Any]]) -> None:
    """Replace the whole log by another that holds, as somebody who knows how could."""
    number = book.number
    with book.record.engine.begin() as connection:
        for table in (t.access, t.access_head):
            connection.execute(table.delete().where(table.c.account == number))
        before = FIRST
        for place, entry in enumerate(entries, start=1):
            row = {**entry, "number": place}
            before = access.hash_of(before, row)
            connection.execute(t.access.insert().values({**row, "hash": before}))
        if entries:
            last = {"account": number, "number": len(entries), "hash": before}
            connection.execute(t.access_head.insert().values(last))


def test_what_nobody_changed_holds(logged: Book) -> None:
    """An empty log holds as well."""
    assert verdict(logged) == access.Verdict(3)
    assert verdict(logged).whole
    with logged.record.reading() as connection:
        assert access.verify(connection, 99) == access.Verdict(0)
        assert access.head(connection, 99) == access.Anchor(0, FIRST)


CHANGES: dict[str, object] = {
    "at": ago(2),
    "agent": "zendesk:12",
    "proof": "zendesK",
    "source": "command",
    "what": "brief",
    "alias": b"x" * 16,
    "subject": None,
    "hash": b"x" * 32,
}


@pytest.mark.parametrize("field", CHANGES)
@pytest.mark.parametrize("number", [2, 3])
def test_any_change_shows(field: str, number: int, logged: Book) -> None:
    """Whichever field it is in, also in the newest entry."""
    mine = sa.and_(t.access.c.account == logged.number, t.access.c.number == number)
    change(logged, t.access.update().where(mine).values({field: CHANGES[field]}))
    assert verdict(logged) == access.Verdict(number - 1, number, "changed")


def _without(number: int) -> sa.Delete:
    return t.access.delete().where(t.access.c.account == 1, t.access.c.number == number)


def test_what_was_taken_out_shows(logged: Book) -> None:
    """From the middle, and from the end."""
    change(logged, _without(3))
    assert verdict(logged) == access.Verdict(2, 3, "cut")
    change(logged, _without(1))
    assert verdict(logged) == access.Verdict(0, 1, "missing")


def test_what_was_put_in_shows(logged: Book) -> None:
    """Before the first, and after the newest though it follows it rightly."""
    rows = logged.rows(t.access)
    change(logged, t.access.insert().values({**rows[0], "number": 0}))
    assert verdict(logged) == access.Verdict(0, 1, "added")
    change(logged, _without(0))
    more = {**rows[0], "number": 4}
    change(
        logged, t.access.insert().values({**more, "hash": access.hash_of(rows[2]["hash"], more)})
    )
    assert verdict(logged) == access.Verdict(3, 4, "added")


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"number": 2}, access.Verdict(2, 3, "added")),
        ({"number": 4}, access.Verdict(3, 4, "cut")),
        ({"hash": b"x" * 32}, access.Verdict(2, 3, "changed")),
    ],
    ids=["earlier", "later", "other"],
)
def test_a_head_that_was_changed_shows(
    values: dict[str, Any], found: access.Verdict, logged: Book
) -> None:
    """It says how many entries there are and what the newest is."""
    mine = t.access_head.c.account == logged.number
    change(logged, t.access_head.update().where(mine).values(values))
    assert verdict(logged) == found


def test_an_alias_that_leads_to_another_customer_shows(logged: Book) -> None:
    """Nobody's looks are laid at another's door; nor is an alias made up for a customer."""
    mine = sa.and_(t.alias.c.account == logged.number, t.alias.c.customer_id == "101")
    change(logged, t.alias.update().where(mine).values(customer_id="102"))
    assert verdict(logged) == access.Verdict(2, 3, "alias")
    change(logged, t.alias.delete().where(t.alias.c.account == 1, t.alias.c.customer_id == "102"))
    assert verdict(logged).whole
    made_up = {"account": logged.number, "customer_id": "103", "alias": b"y" * 16, "key": b"k" * 32}
    change(logged, t.alias.insert().values(made_up))
    assert verdict(logged) == access.Verdict(3, None, "alias")


def test_an_anchor_shows_what_the_log_alone_cannot(logged: Book) -> None:
    """The end cut with its head, the whole written anew, all of it gone: all hold by themselves."""
    kept = head(logged)
    rows = logged.rows(t.access)
    assert access.Anchor.parse(f" {kept} ") == kept
    assert verdict(logged, kept).whole
    write_anew(logged, rows[:2])
    assert verdict(logged).whole
    assert verdict(logged, kept) == access.Verdict(2, 3, "cut")
    write_anew(logged, [*rows[:2], {**rows[2], "agent": "zendesk:12"}])
    assert verdict(logged).whole
    assert verdict(logged, kept) == access.Verdict(2, 3, "rewritten")
    write_anew(logged, [])
    assert verdict(logged).whole
    assert verdict(logged, kept) == access.Verdict(0, 1, "cut")


def test_an_anchor_holds_however_long_the_log_has_grown(logged: Book) -> None:
    """That of an empty log does, too; one of another log does not."""
    kept = head(logged)
    with logged.record.writing(logged.account) as writer:
        writer.log_access(
            at=ago(0), agent="lee", proof="x", source="command", what="brief", customer_id="100"
        )
    assert verdict(logged, kept) == access.Verdict(4)
    assert verdict(logged, access.Anchor(0, FIRST)) == access.Verdict(4)
    assert verdict(logged, access.Anchor(0, b"x" * 32)) == access.Verdict(0, None, "rewritten")
    for text in ("", "3", "3:", "3:zz", f"-1:{'0' * 64}", f"x:{'0' * 64}", "3:00"):
        with pytest.raises(ValueError, match=r"."):
            access.Anchor.parse(text)


def test_it_holds_once_a_customer_is_forgotten(logged: Book) -> None:
    """Their alias is all that led from the entries to them."""
    mine = sa.and_(t.alias.c.account == logged.number, t.alias.c.customer_id == "100")
    change(logged, t.alias.delete().where(mine))
    assert verdict(logged) == access.Verdict(3)
    assert "100" not in str(logged.rows(t.access)) + str(logged.rows(t.alias))
    with logged.record.reading() as connection:
        found = access.entries_of(connection, logged.account.number, ["100"], ["m-1"])
        others = access.entries_of(connection, logged.account.number, ["101"], ["m-1", "m-2"])
    assert found == []
    assert [(one.what, one.subject) for one in others] == [("reveal", "m-1")]


def test_the_same_memory_looks_another_for_another_customer(logged: Book) -> None:
    """Nobody without a customer's key can tell what an entry was about, or of whom."""
    rows = logged.rows(t.access)
    assert rows[1]["subject"] != rows[2]["subject"]
    assert rows[0]["alias"] == rows[1]["alias"] != rows[2]["alias"]
    first = logged.rows(t.alias)[0]
    assert rows[0]["alias"] == alias_for(first["key"], "100") != alias_for(b"k" * 32, "100")


def test_names_that_a_database_cannot_hold_do_not_break_the_chain(book: Book) -> None:
    """A user of the operating system may be called anything."""
    with book.record.writing(book.account) as writer:
        writer.log_access(
            at=ago(0),
            agent="l\0e\udcffe",
            proof="os-user",
            source="command",
            what="brief",
            customer_id="100",
        )
    assert verdict(book).whole
    assert [row["agent"] for row in book.rows(t.access)] == ["le?e"]


def test_a_log_without_a_chain_is_chained(book: Book) -> None:
    """What an older version wrote down stays written down."""
    number_of = book.account.number
    make_older(book.record, "0002")
    with book.record.engine.begin() as connection:
        for number, what in enumerate(("reveal:m-1", "verify:ticket:7"), start=1):
            connection.execute(
                sa.text("INSERT INTO access VALUES (:account, :number, :at, :a, :p, :what, '100')"),
                {
                    "account": number_of,
                    "number": number,
                    "at": number,
                    "a": "lee",
                    "p": "os-user",
                    "what": what,
                },
            )
    again = Record.open(book.database_url)
    with again.reading() as connection:
        assert access.verify(connection, number_of) == access.Verdict(2)
        known = ["m-1", "ticket:7"]
        found = access.entries_of(connection, number_of, ["100"], known)
    again.close()
    assert [(one.what, one.subject) for one in found] == [("reveal", "m-1"), ("verify", "ticket:7")]


def test_an_older_log_does_not_lead_to_whom_was_erased(book: Book) -> None:
    """That they were seen stays written down, and chained."""
    book.people(customer(updated_at=ago(9)))
    number = book.number
    make_older(book.record, "0002")
    with book.record.engine.begin() as connection:
        connection.execute(sa.text("UPDATE person SET erased = true, active = false"))
        connection.execute(
            sa.text("INSERT INTO access VALUES (:account, 1, 1, 'lee', 'os-user', 'brief', '100')"),
            {"account": number},
        )
    book.record.close()
    book.record = Record.open(book.database_url)
    assert verdict(book) == access.Verdict(1)
    assert [row["what"] for row in book.rows(t.access)] == ["brief"]
    assert book.rows(t.alias) == []
