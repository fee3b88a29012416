"""A record on PostgreSQL: what is not the same as on SQLite, and what goes wrong on a server."""

from __future__ import annotations

import sys
from contextlib import closing
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from memory.entities import Page, Unreadable
from memory.errors import RecordError, UsageError
from memory.record import Record, engine, queries
from memory.record import tables as t
from memory.record.record import HEAD
from tests.support.book import Book, agent, ago, customer, message, ticket
from tests.support.postgres import OWNER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.support.postgres import Server

SECRET = "open-sesame"


@pytest.fixture
def url(postgres: Server) -> Iterator[str]:
    """The address of an empty record."""
    with postgres.database() as address:
        yield address


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    """An empty record of `zendesk:acme`."""
    made = Book(url)
    yield made
    made.record.close()


@pytest.fixture
def bob(postgres: Server) -> Iterator[str]:
    """A user with a password and no rights."""
    postgres.run(f"CREATE USER {{}} PASSWORD '{SECRET}'", "bob")
    yield "bob"
    postgres.run("DROP USER {}", "bob")


def _refused(address: str, kind: type[Exception] = RecordError) -> Any:
    """The error of opening a record there; it holds no word of the password."""
    with pytest.raises(kind) as caught:
        Record.open(address)
    told = str(caught.value.problem())  # type: ignore[attr-defined]
    assert SECRET not in told
    assert "sesame" not in told
    assert "psycopg" not in told.replace("postgresql+psycopg", "")
    return caught.value


def test_a_wrong_password_and_an_unknown_user_are_refused(
    postgres: Server, url: str, bob: str
) -> None:
    """What to mend is the address."""
    for user in (f"{bob}:{SECRET}1", f"nobody:{SECRET}", bob):
        error = _refused(url.replace(f"{OWNER}@", f"{user}@"))
        assert "refuses the user or the password" in error.detail
        assert "REMEMBER_DATABASE_URL" in error.hint


def test_a_database_that_is_not_there_is_to_be_made(postgres: Server) -> None:
    """By the user: a record is not made in a place that somebody mistyped."""
    error = _refused(postgres.url("nowhere"))
    assert "no database of the name" in error.detail
    assert "createdb" in error.hint


@pytest.mark.parametrize("place", ["127.0.0.1:1", "127.0.0.1:99999", "no-such-host.invalid"])
def test_a_server_that_cannot_be_reached(place: str) -> None:
    """Nobody listens, or the name leads nowhere."""
    error = _refused(f"postgresql://bob:{SECRET}@{place}/record?connect_timeout=2")
    assert "cannot be reached" in error.detail
    assert "sslmode" in error.hint


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://bob:{SECRET}@host:{SECRET}/record",
        f"postgresql://bob:pa:{SECRET}@host:5432@x/record",
        f"postgresql://bob:{SECRET}@host/record?timeout={SECRET}",
        f"mysql://bob:{SECRET}@host/record",
        f"nonsense+{SECRET}://host",
        SECRET,
    ],
)
def test_an_address_that_cannot_be_used(address: str) -> None:
    """It is not repeated, for any part of it may be the password."""
    error = _refused(address, UsageError)
    assert "REMEMBER_DATABASE_URL" in error.detail
    assert "postgresql+psycopg://host/name" in error.hint


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_any_common_way_to_write_the_address_will_do(url: str, scheme: str) -> None:
    """There is one driver, whatever the address says."""
    with closing(Record.open(url.replace("postgresql+psycopg", scheme))) as record:
        assert record.accounts() == []


def test_without_the_driver_it_says_what_to_install(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver is an extra."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "remember-them[postgresql]" in _refused(url, UsageError).hint


def test_a_server_that_is_too_old_is_named(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its version and the one that is needed."""
    monkeypatch.setattr(engine, "OLDEST_POSTGRESQL", 99)
    assert "99 or newer is needed" in _refused(url).detail


def test_a_database_of_another_encoding_is_refused(postgres: Server) -> None:
    """Before a first name is stored that it cannot hold."""
    postgres.run("CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    error = _refused(postgres.url("ascii"))
    assert "SQL_ASCII" in error.detail
    assert "--encoding=UTF8" in error.hint
    postgres.run("DROP DATABASE ascii")


def test_a_user_who_may_make_no_tables(postgres: Server, bob: str) -> None:
    """Since PostgreSQL 15 nobody may but the database's owner."""
    with postgres.database(template="template0") as empty:
        error = _refused(empty.replace(f"{OWNER}@", f"{bob}:{SECRET}@"))
        assert "may not do" in error.detail
        assert "owner" in error.hint


def test_another_programs_tables_stay_as_they_are(postgres: Server) -> None:
    """A name that both use is refused, and nothing is made; other tables do not matter."""
    with postgres.database(template="template0") as address:
        other = sa.create_engine(address)
        with other.begin() as connection:
            connection.execute(sa.text("CREATE TABLE ticket (words text)"))
        assert "another program" in _refused(address).detail
        with other.begin() as connection:
            assert sa.inspect(connection).get_table_names() == ["ticket"]
            connection.execute(sa.text("ALTER TABLE ticket RENAME TO theirs"))
        Record.open(address).close()
        with other.begin() as connection:
            kept = sa.inspect(connection).get_columns("theirs")[0]["type"]
            assert isinstance(kept, sa.Text)
            assert kept.collation is None
        other.dispose()


def _schema(address: str) -> dict[str, Any]:
    """Every table with its columns, keys and indexes, without what orders text."""
    made = sa.create_engine(address)
    inspector = sa.inspect(made)
    found = {
        name: (
            [
                (one["name"], type(one["type"]), one["nullable"], one["default"], one["comment"])
                for one in inspector.get_columns(name)
            ],
            inspector.get_pk_constraint(name)["constrained_columns"],
            inspector.get_foreign_keys(name),
            sorted(str(one) for one in inspector.get_indexes(name)),
        )
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }
    made.dispose()
    return found


def test_the_migrations_build_the_tables(postgres: Server, url: str) -> None:
    """A record made by all migrations equals one made from the tables, indexes and all."""
    with postgres.database(template="template0") as address:
        straight = sa.create_engine(address)
        t.metadata.create_all(straight)
        straight.dispose()
        assert _schema(url) == _schema(address)


def test_text_is_ordered_by_its_bytes(book: Book) -> None:
    """Whatever language the database was made for; a person without a name comes first."""
    names = ["anna", "Berta", "Åsa", "zoe", None, "Äbba", "10", "9"]
    phone = {"phone": "2125550101"}
    book.people(*(customer(str(n), name, **phone) for n, name in enumerate(names)))
    with book.record.reading() as connection:
        found = queries.people_by_identity(connection, book.number, "phone", "+12125550101")
        kept = connection.execute(
            sa.text(
                "SELECT table_name, column_name FROM information_schema.columns WHERE "
                "table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT "
                "FROM 'C'"
            )
        ).all()
    assert [row.name for row in found] == [None, *sorted(name for name in names if name)]
    assert kept == []


def test_the_character_that_postgresql_cannot_hold_is_left_out(book: Book) -> None:
    """NUL stands in no text; where it would, the rest of the text stands."""
    book.people(customer(name="Ma\0ra"), agent())
    book.store(tickets=(ticket(subject="a\0b"),), messages=(message("m\0", "c\0d"),))
    with book.record.writing(book.account) as writer:
        writer.quarantine([Unreadable("tickets", "9", "sub\0ject", "x", {"a": "\0"})], ago(1))
    assert book.rows(t.person)[0]["name"] == "Mara"
    assert [(row["id"], row["text"]) for row in book.rows(t.message)] == [("m", "cd")]
    assert book.rows(t.quarantine)[0]["body"] == {"a": "\0"}


def test_a_reader_sees_one_moment_and_cannot_write(book: Book) -> None:
    """However long it reads, and whatever is written meanwhile."""
    book.people(customer())
    with book.record.reading() as connection:
        before = queries.counts(connection, book.number)
        book.people(customer("101"))
        assert queries.counts(connection, book.number) == before
    with pytest.raises(RecordError, match="only be read"), book.record.reading() as connection:
        connection.execute(t.person.delete())
    assert len(book.rows(t.person)) == 2


def test_writers_of_the_same_rows_in_any_order_take_turns(book: Book, url: str) -> None:
    """Two that upsert the same people from both ends never wait for each other for good."""
    people = [customer(str(number)) for number in range(12)]
    ready, errors = Barrier(2), []

    def write(order: list[Any]) -> None:
        with closing(Record.open(url)) as record:
            ready.wait()
            for _ in range(6):
                try:
                    with record.writing(record.account()) as writer:
                        for one in order:
                            writer.store(Page(people=(one,)))
                except RecordError as error:
                    errors.append(error.detail)

    threads = [Thread(target=write, args=(order,)) for order in (people, people[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(book.rows(t.person)) == 12


def test_who_waits_too_long_for_a_turn_is_told(book: Book, url: str) -> None:
    """As long as the address says; afterwards it goes on."""
    with closing(Record.open(f"{url}&timeout=0.1")) as hasty:
        with (
            book.record.writing(book.account),
            pytest.raises(RecordError, match=r"busy for 0\.1 seconds"),
            hasty.writing(hasty.account()),
        ):
            pytest.fail("two write")
        with hasty.writing(hasty.account()) as writer:
            writer.store(Page(people=(customer(),)))
    assert len(book.rows(t.person)) == 1


def test_writers_of_different_accounts_do_not_wait_for_each_other(book: Book, url: str) -> None:
    """Nothing of theirs is shared."""
    other = Book(f"{url}&timeout=0.1", "zendesk:apex", "https://apex.zendesk.com")
    with book.record.writing(book.account) as writer:
        writer.store(Page(people=(customer(),)))
        other.people(customer())
    assert len(book.rows(t.person)) == 2
    other.record.close()


def test_an_empty_database_opened_by_several_at_once_is_made_once(postgres: Server) -> None:
    """Who comes second finds it made."""
    with postgres.database(template="template0") as address:
        ready, ends = Barrier(3), []

        def begin() -> None:
            ready.wait()
            with closing(Record.open(address)) as record:
                record.add_account("zendesk:acme", "https://acme.zendesk.com")
                ends.append(record.revision())

        threads = [Thread(target=begin) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert ends == [HEAD] * 3
        with closing(Record.open(address)) as record:
            assert len(record.accounts()) == 1


def _cut(postgres: Server, connection: sa.Connection) -> None:
    """End a connection from the server's side, as a restart does."""
    own = connection.scalar(sa.select(sa.func.pg_backend_pid()))
    postgres.admin.execute("SELECT pg_terminate_backend(%s, 5000)", [own])


def _lose(postgres: Server, book: Book, when: str) -> None:
    with book.record.writing(book.account) as writer:
        if when == "before":
            _cut(postgres, writer.connection)
        writer.store(Page(people=(customer("101"),)))
        if when == "after":
            _cut(postgres, writer.connection)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_connection_that_is_lost_says_run_again(postgres: Server, book: Book, when: str) -> None:
    """Before or after the last write of a page: all of it is gone, and the next one is stored."""
    book.people(customer())
    with pytest.raises(RecordError, match="connection to the database was lost") as caught:
        _lose(postgres, book, when)
    assert "Run the same command again" in caught.value.hint
    assert len(book.rows(t.person)) == 1
    book.people(customer("101"))
    assert len(book.rows(t.person)) == 2


def test_a_server_that_was_restarted_between_two_pages_is_not_noticed(
    postgres: Server, book: Book
) -> None:
    """A connection that went stale while nobody used it is made anew."""
    with book.record.reading() as connection:
        own = connection.scalar(sa.select(sa.func.pg_backend_pid()))
    postgres.admin.execute("SELECT pg_terminate_backend(%s, 5000)", [own])
    book.people(customer())
    assert len(book.rows(t.person)) == 1


def test_a_killed_writer_leaves_the_last_whole_page(
    url: str, writing: Callable[[str, str], AbstractContextManager[None]], tmp_path: Path
) -> None:
    """Half a page is none, and nobody has to wait for the dead."""
    book = Book(f"{url}&timeout=10")
    book.ticket("1")
    with writing(url, "half"):
        pass
    assert [row["id"] for row in book.rows(t.ticket)] == ["1"]
    book.ticket("3")
    assert [row["id"] for row in book.rows(t.ticket)] == ["1", "3"]
    book.record.close()
