"""The record is made by numbered migrations, and they build exactly what the code reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from memory.errors import RecordError, UsageError
from memory.record import Record
from memory.record.record import HEAD
from memory.record.tables import metadata

if TYPE_CHECKING:
    from pathlib import Path


def _schema(engine: sa.Engine) -> dict[str, str]:
    """Every table and index as SQLite has it, by name, without comments and spacing."""
    beside = {"alembic_version", "sqlite_stat1"}
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        ).all()
    return {row.name: re.sub(r"\s+", " ", row.sql) for row in rows if row.name not in beside}


def test_the_migrations_build_the_tables(tmp_path: Path) -> None:
    """A record made by all migrations equals one made from the tables, indexes and all."""
    record = Record.in_folder(tmp_path)
    straight = sa.create_engine(f"sqlite:///{tmp_path / 'straight.sqlite'}")
    metadata.create_all(straight)
    assert _schema(record.engine) == _schema(straight)
    record.close()
    straight.dispose()


def test_every_name_is_one_word_of_the_list_in_snake_case() -> None:
    """Tables are singular, columns plain, and an index says which table it serves and by what."""
    name = re.compile(r"[a-z]+(_[a-z]+)*")
    for table in metadata.sorted_tables:
        assert name.fullmatch(table.name), table.name
        for column in table.columns:
            assert name.fullmatch(column.name), column.name
        for index in table.indexes:
            assert re.fullmatch(rf"{table.name}_by_[a-z_]+", str(index.name)), index.name


def test_every_row_belongs_to_an_account() -> None:
    """Every table but that of the accounts has the account first in its key, and in each index."""
    for table in metadata.sorted_tables:
        if table.name == "account":
            continue
        assert next(iter(table.primary_key)).name == "account", table.name
        for index in table.indexes:
            assert next(iter(index.columns)).name == "account", index.name


def test_a_record_is_made_once_and_opened_again(tmp_path: Path) -> None:
    """What was stored is there when the record is opened again, at the newest migration."""
    first = Record.in_folder(tmp_path)
    first.add_account("zendesk:acme", "https://acme.zendesk.com")
    first.close()
    again = Record.in_folder(tmp_path)
    assert again.revision() == HEAD
    assert [one.name for one in again.accounts()] == ["zendesk:acme"]
    again.close()


def test_a_record_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    """A migration nobody here knows is a clear error, and the record stays as it is."""
    record = Record.in_folder(tmp_path)
    with record.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    record.close()
    with pytest.raises(RecordError, match="another version") as caught:
        Record.in_folder(tmp_path)
    assert "Install that version" in caught.value.hint


def test_what_is_no_address_of_a_database_is_a_usage_error() -> None:
    """The words of the setting are not repeated: they may hold a password."""
    with pytest.raises(UsageError, match="REMEMBER_DATABASE_URL") as caught:
        Record.open("my secret")
    assert "secret" not in str(caught.value)


def test_the_account_need_be_named_only_when_there_are_several(tmp_path: Path) -> None:
    """One account is the account; of several one must be named; none is said to be none."""
    record = Record.in_folder(tmp_path)
    with pytest.raises(UsageError, match="no account") as none:
        record.account()
    assert "remember backfill" in none.value.hint
    acme = record.add_account("zendesk:acme", "https://acme.zendesk.com")
    assert record.account() == acme
    record.add_account("zendesk:apex", "https://apex.zendesk.com")
    with pytest.raises(UsageError, match="zendesk:acme, zendesk:apex"):
        record.account()
    assert record.account("zendesk:acme") == acme
    with pytest.raises(UsageError, match="no account zendesk:nobody"):
        record.account("zendesk:nobody")
    record.close()


def test_an_account_keeps_its_number_and_key_when_its_address_changes(tmp_path: Path) -> None:
    """The key that digests are made with outlives everything; two accounts never share one."""
    record = Record.in_folder(tmp_path)
    first = record.add_account("zendesk:acme", "https://acme.zendesk.com")
    moved = record.add_account("zendesk:acme", "https://help.acme.example")
    other = record.add_account("zendesk:apex", "https://apex.zendesk.com")
    assert (moved.number, moved.key) == (first.number, first.key)
    assert moved.url == "https://help.acme.example"
    assert other.key != first.key
    assert other.ref("7") == "zendesk:7"
    record.close()
