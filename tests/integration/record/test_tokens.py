"""Bearer tokens in the record, on each database."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from memory.record import tables as t
from memory.record import tokens
from tests.support.book import AS_OF

if TYPE_CHECKING:
    from datetime import datetime

    from memory.record.tokens import Token
    from tests.support.book import Book


def _made(
    book: Book, *, at: datetime = AS_OF, expires_at: datetime | None = None
) -> tuple[Token, str]:
    with book.record.writing(book.account) as writer:
        return tokens.create(
            writer.connection,
            book.number,
            name="Zendesk app",
            scopes=["notes:write", "brief:read"],
            at=at,
            expires_at=expires_at,
        )


def _proven(book: Book, text: str, *accounts: int) -> Token | None:
    with book.record.reading() as connection:
        return tokens.proven(connection, accounts or [book.number], text)


def test_a_token_is_known_by_its_text_alone(book: Book) -> None:
    """The same token, whoever asks, and no other text will do."""
    token, text = _made(book)
    assert _proven(book, text) == token
    assert token.scopes == {"brief:read", "notes:write"}
    for wrong in (text[:-1], f"{text}x", text.replace("rmbr_", "rmbr"), "", "rmbr__", "\ud800"):
        assert _proven(book, wrong) is None


def test_no_secret_is_kept(book: Book) -> None:
    """What is kept is its SHA-256; a secret of 256 bits needs no salt."""
    _, text = _made(book)
    secret = text.split("_", 2)[2]
    [row] = book.rows(t.token)
    assert row["digest"] == hashlib.sha256(secret.encode()).digest()
    assert secret not in str(row)
    assert len(secret) >= 43
    assert _made(book)[1] != text


def test_a_token_belongs_to_one_account(book: Book) -> None:
    """And is unknown to every other."""
    other = book.record.add_account("zendesk:other", "https://other.zendesk.com")
    token, text = _made(book)
    assert _proven(book, text, other.number) is None
    assert _proven(book, text, other.number, book.number) == token
    with book.record.reading() as connection:
        assert tokens.tokens(connection, other.number) == []


def test_a_token_stands_until_it_ends(book: Book) -> None:
    """Not at its last moment any more; one without an end stands for good."""
    token, _ = _made(book, expires_at=AS_OF + timedelta(hours=1))
    assert token.stands(AS_OF + timedelta(minutes=59))
    assert not token.stands(AS_OF + timedelta(hours=1))
    assert _made(book)[0].stands(AS_OF + timedelta(days=10_000))


def test_a_revoked_token_stands_no_more(book: Book) -> None:
    """It stays in the list with the time of its first revocation."""
    token, text = _made(book)
    for hours in (1, 2):
        with book.record.writing(book.account) as writer:
            at = AS_OF + timedelta(hours=hours)
            assert tokens.revoke(writer.connection, book.number, token.id, at)
    found = _proven(book, text)
    assert found is not None
    assert found.revoked_at == AS_OF + timedelta(hours=1)
    assert not found.stands(AS_OF)


def test_there_is_nothing_to_revoke_where_there_is_no_token(book: Book) -> None:
    """Neither of another account's."""
    other = book.record.add_account("zendesk:other", "https://other.zendesk.com")
    token, text = _made(book)
    with book.record.writing(other) as writer:
        assert not tokens.revoke(writer.connection, other.number, token.id, AS_OF)
        assert not tokens.revoke(writer.connection, other.number, "nothing", AS_OF)
    assert _proven(book, text) == token


def test_tokens_are_listed_oldest_first(book: Book) -> None:
    """With when each was last used."""
    late, _ = _made(book, at=AS_OF)
    early, _ = _made(book, at=AS_OF - timedelta(days=1))
    with book.record.writing(book.account) as writer:
        tokens.used(writer.connection, book.number, late.id, AS_OF)
    with book.record.reading() as connection:
        found = tokens.tokens(connection, book.number)
        assert tokens.token(connection, book.number, late.id) == found[1]
        assert tokens.token(connection, book.number, "nothing") is None
    assert [(one.id, one.used_at) for one in found] == [(early.id, None), (late.id, AS_OF)]
