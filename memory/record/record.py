"""Opens the record and hands out transactions."""

from __future__ import annotations

import secrets
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.errors import RecordError, UsageError
from memory.record import seal
from memory.record import tables as t
from memory.record.engine import EVERYBODY, for_reading, for_writing, open_engine, take_turn
from memory.record.trouble import named_errors
from memory.record.writing import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

HEAD = "0003"
"""The newest migration. A record that stands elsewhere is migrated when it is opened."""

_ACCOUNTS = sa.select(t.account).order_by(t.account.c.name)
"""Every question begins with it, and to build it anew takes longer than to answer it."""


@dataclass(frozen=True, slots=True)
class Account:
    """One helpdesk of one company, as the record knows it."""

    number: int
    name: str
    url: str
    key: bytes = field(repr=False)
    synced_at: datetime | None
    encoder: str | None
    swept_at: datetime | None = None
    seal: str | None = None

    @property
    def seals(self) -> frozenset[str]:
        """The ids of the keys with which words of it may be sealed."""
        return frozenset((self.seal or "").split())

    @property
    def provider(self) -> str:
        """`zendesk` or `freshdesk`: what stands before the colon of every ref."""
        return self.name.partition(":")[0]

    def ref(self, external_id: str) -> str:
        """A helpdesk id as the outside sees it, `zendesk:123`."""
        return f"{self.provider}:{external_id}"


class Record:
    """The store of everything that was synced, remembered and noted.

    Reading needs no lock and sees one moment of the record for as long as `reading` is open;
    writing waits for other writers.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._reading_engine = for_reading(engine)
        self._writing_engine = for_writing(engine)
        self.seal: seal.Seal | None = None

    @classmethod
    def open(cls, url: str, keys: Sequence[str] = ()) -> Record:
        """Open the record at an SQLAlchemy URL, making or migrating it as needed.

        Args:
            url: Where it is.
            keys: With which words are sealed (the first) and opened (all); none seals nothing.

        Raises:
            RecordError: It cannot be opened, a newer version of this program made it, or its words
                are sealed with another key.
            UsageError: The URL or a key cannot be used.
        """
        record = cls(open_engine(url))
        record.seal = seal.Seal(keys) if keys else None
        seal.use(record.engine, record.seal)
        try:
            with named_errors(record.engine):
                if record.revision() != HEAD:
                    record.migrate()
                record._take_key()
        except RecordError:
            record.close()
            raise
        return record

    @classmethod
    def in_folder(cls, folder: Path) -> Record:
        """Open the SQLite record in a data folder."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls.open(f"sqlite:///{folder / 'record.sqlite'}")

    def revision(self) -> str | None:
        """The migration the record stands at, or None when it is empty."""
        with self.engine.connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.scalar(
                sa.text("SELECT version_num FROM alembic_version")
            )
            return found

    def migrate(self) -> None:
        """Bring the record to the newest migration."""
        from alembic import command  # noqa: PLC0415  only a new or old record pays for alembic
        from alembic.config import Config  # noqa: PLC0415
        from alembic.util import CommandError  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self._writing_engine.connect() as connection:
            take_turn(connection, EVERYBODY)
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise RecordError(
                    "The record was made by another version of remember-them.",
                    "Install that version, or point REMEMBER_HOME at another folder.",
                ) from error
            connection.commit()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection that sees one moment of the record."""
        with named_errors(self.engine), self._reading_engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, account: Account) -> Iterator[Writer]:
        """One transaction of writes: all of it is stored, or none."""
        with self._turn(account.number) as connection:
            yield Writer(connection, account.number)

    def accounts(self, connection: sa.Connection | None = None) -> list[Account]:
        """Every account in the record, by name."""
        with self.reading() if connection is None else nullcontext(connection) as reader:
            rows = reader.execute(_ACCOUNTS)
            return [Account(**row._mapping) for row in rows]  # noqa: SLF001  SQLAlchemy's public name

    def account(self, name: str | None = None, connection: sa.Connection | None = None) -> Account:
        """The account of that name, or the only one.

        Args:
            name: Such as `zendesk:acme`.
            connection: What the question is part of, where it is.

        Raises:
            UsageError: There is no such account, or several and none was named.
        """
        known = self.accounts(connection)
        if name is not None:
            known = [account for account in known if account.name == name]
        if len(known) == 1:
            return known[0]
        if known:
            names = ", ".join(account.name for account in known)
            raise UsageError(f"There are several accounts: {names}.", "Say which with --account.")
        raise UsageError(
            f"The record holds no account{f' {name}' if name else ''}.",
            "Run `remember backfill` first, or `remember demo` to look around.",
        )

    def add_account(self, name: str, url: str) -> Account:
        """The account of that name, made when it is new; its URL is brought up to date."""
        with self._turn(EVERYBODY) as connection:
            found = connection.execute(
                t.account.update().where(t.account.c.name == name).values(url=url)
            )
            if not found.rowcount:
                key = secrets.token_bytes(32)
                sealed = None if self.seal is None else self.seal.id
                row = {"name": name, "url": url, "key": key, "seal": sealed}
                connection.execute(t.account.insert().values(row))
        return self.account(name)

    def _take_key(self) -> None:
        """Make sure that the words can be opened, and note that they are sealed from now on."""
        known = frozenset() if self.seal is None else self.seal.ids
        for account in self.accounts():
            if not account.seals <= known:
                raise RecordError(
                    "The words in the record are sealed with a key that is not set.",
                    "Set REMEMBER_ENCRYPTION_KEY to it, or to a new key, a space and it.",
                )
            if self.seal is not None and self.seal.id not in account.seals:
                seals = " ".join((self.seal.id, *sorted(account.seals)))
                with self._turn(EVERYBODY) as connection:
                    this = t.account.c.number == account.number
                    connection.execute(t.account.update().where(this).values(seal=seals))

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    @contextmanager
    def _turn(self, account: int) -> Iterator[sa.Connection]:
        with named_errors(self.engine), self._writing_engine.begin() as connection:
            take_turn(connection, account)
            yield connection
