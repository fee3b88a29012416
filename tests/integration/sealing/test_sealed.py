"""What people said is sealed in the database where there is a key, and reads the same."""

from __future__ import annotations

import base64

import pytest
import sqlalchemy as sa

from memory.entities import Unreadable
from memory.errors import RecordError, UsageError
from memory.record import Record
from memory.record import tables as t
from memory.record.resealing import reseal
from tests.support.book import Book, ago

WORD = "Zephyrquark"
COLUMNS = (t.ticket.c.subject, t.message.c.text, t.evidence.c.quote, t.note.c.text)
FIRST, SECOND = ("k" * 43, "l" * 43)


@pytest.fixture
def told(book: Book) -> Book:
    """A customer whose every word holds one that nobody else says."""
    book.ticket("1", "100", subject=f"The {WORD} matter")
    book.say("1", f"My {WORD} is broken", author_id="100")
    book.told("interest", f"I love my {WORD}", "1")
    book.note(f"Her {WORD} is old")
    with book.record.writing(book.account) as writer:
        body = {"subject": f"{WORD}?"}
        writer.quarantine([Unreadable("tickets", "9", "subject", "odd", body)], ago(1))
    return book


def opened(book: Book, *keys: str) -> Record:
    """The record, with these keys."""
    return Record.open(book.database_url, keys)


def raw(record: Record) -> str:
    """Everything that stands in sealed columns, as it stands there."""
    account = record.accounts()[0].number
    with record.reading() as connection:
        found = [
            *(
                one
                for column in COLUMNS
                for one in connection.scalars(
                    sa.select(sa.type_coerce(column, sa.Text)).where(
                        column.table.c.account == account
                    )
                )
            ),
            *connection.scalars(
                sa.select(sa.type_coerce(t.quarantine.c.body, sa.JSON)).where(
                    t.quarantine.c.account == account
                )
            ),
        ]
    assert len(found) > len(COLUMNS)
    return str(found)


def words(record: Record) -> list[object]:
    """The same, as the program reads it."""
    number = record.accounts()[0].number
    with record.reading() as connection:
        texts = [
            list(connection.scalars(sa.select(column).where(column.table.c.account == number)))
            for column in COLUMNS
        ]
        bodies = connection.scalars(
            sa.select(t.quarantine.c.body).where(t.quarantine.c.account == number)
        )
        return [*texts, list(bodies)]


@pytest.fixture
def sealed(told: Book) -> Book:
    """The same, sealed with the first key."""
    record = opened(told, FIRST)
    assert reseal(record, record.accounts()[0]) > len(COLUMNS)
    record.close()
    return told


def test_with_a_key_no_word_is_readable(told: Book) -> None:
    """What was stored before, and what is stored from now on; and it reads the same."""
    before = words(told.record)
    record = opened(told, FIRST)
    reseal(record, record.accounts()[0])
    assert WORD not in raw(record)
    assert words(record) == before
    with record.writing(record.accounts()[0]) as writer:
        writer.add_note(
            note_id="n9",
            customer_id="100",
            agent_id=None,
            at=ago(0),
            text=f"Another {WORD}",
            sensitive=False,
        )
    assert WORD not in raw(record)
    assert f"Another {WORD}" in str(words(record))
    record.close()


@pytest.mark.parametrize("keys", [(), (SECOND,)])
def test_without_its_key_a_record_is_refused(sealed: Book, keys: tuple[str, ...]) -> None:
    """At once, and not in the middle of a brief."""
    with pytest.raises(RecordError, match="sealed with a key that is not set") as refused:
        opened(sealed, *keys)
    assert WORD not in f"{refused.value.detail} {refused.value.hint}"
    assert not any(key in f"{refused.value.detail} {refused.value.hint}" for key in keys)


def test_a_key_gives_way_to_another(sealed: Book) -> None:
    """Both are needed until all is sealed anew; then the old one opens nothing."""
    both = opened(sealed, SECOND, FIRST)
    before = words(both)
    both.close()
    with pytest.raises(RecordError):
        opened(sealed, FIRST)
    both = opened(sealed, SECOND, FIRST)
    account = both.accounts()[0]
    assert reseal(both, account) > len(COLUMNS)
    assert reseal(both, both.accounts()[0]) == 0
    both.close()
    alone = opened(sealed, SECOND)
    assert words(alone) == before
    alone.close()
    with pytest.raises(RecordError):
        opened(sealed, FIRST)


def test_one_that_was_killed_half_way_goes_on(
    sealed: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each text says how it is sealed."""
    monkeypatch.setattr("memory.record.resealing._AT_ONCE", 1)
    both = opened(sealed, SECOND, FIRST)
    before = words(both)

    def killed(count: int) -> None:
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reseal(both, both.accounts()[0], report=killed)
    assert words(both) == before
    reseal(both, both.accounts()[0])
    both.close()
    alone = opened(sealed, SECOND)
    assert words(alone) == before
    alone.close()


def test_words_are_open_again_when_wanted(sealed: Book, told: Book) -> None:
    """Then no key is needed."""
    record = opened(sealed, FIRST)
    before = words(record)
    reseal(record, record.accounts()[0], keep_open=True)
    record.close()
    plain = opened(told)
    assert words(plain) == before
    assert raw(plain).count(WORD) >= len(COLUMNS)
    plain.close()


def test_what_was_changed_in_the_file_is_not_read_as_words(sealed: Book) -> None:
    """Whoever writes to the files can spoil a text, and not replace it."""
    record = opened(sealed, FIRST)
    one = record.accounts()[0].number
    with record.engine.begin() as connection:
        text = sa.type_coerce(t.note.c.text, sa.Text)
        stored = connection.scalar(sa.select(text).where(t.note.c.account == one)) or ""
        head, _, body = stored.rpartition(":")
        bytes_ = bytearray(base64.b64decode(body))
        bytes_[-1] ^= 1
        changed = f"{head}:{base64.b64encode(bytes_).decode()}"
        connection.execute(sa.text("UPDATE note SET text = :it"), {"it": changed})
    with pytest.raises(RecordError, match="changed since they were sealed"):
        words(record)
    record.close()


@pytest.mark.parametrize("text", ["\x1fs1:deadbeef:AAAA", "\x1f", "s1:x", "\x1f\x1fs1::"])
@pytest.mark.parametrize("keys", [(), (FIRST,)])
def test_nobody_can_pretend_to_be_sealed(book: Book, text: str, keys: tuple[str, ...]) -> None:
    """A customer who writes what looks like a seal is read as they wrote."""
    record = opened(book, *keys)
    with record.writing(record.accounts()[0]) as writer:
        note = {"note_id": "n1", "customer_id": "100", "agent_id": None, "at": ago(0)}
        writer.add_note(**note, text=text, sensitive=False)  # type: ignore[arg-type]
    assert words(record)[3] == [text]
    record.close()


@pytest.mark.parametrize("key", ["", "short", "0123456789abcdef" * 2 + "0123456789"])
def test_a_key_that_can_be_guessed_is_refused(book: Book, key: str) -> None:
    """It says how to make one, and does not repeat what was given."""
    with pytest.raises(UsageError, match="at least 43 characters") as refused:
        opened(book, key)
    assert "secrets.token_urlsafe" in refused.value.hint
    assert not key or key not in f"{refused.value.detail} {refused.value.hint}"
