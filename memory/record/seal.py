"""Encryption at rest: what people said is sealed where it is stored, with a key from outside.

AES-SIV (RFC 5297) gives equal words equal seals, so that the database can still compare them; it
tells whoever reads the files which words are equal, and nothing else of them. Each sealed text says
which key sealed it. Names, numbers and addresses are not sealed: callers are found by them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from memory.errors import RecordError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.ciphers.aead import AESSIV
    from sqlalchemy.engine import Dialect

SHORTEST_KEY: Final = 43
"""Characters: those of 256 random bits in base64."""

_MARK: Final = "\x1f"
"""Before a sealed text; before an open one that begins with it, it stands once more."""

_SEALED: Final = f"{_MARK}s1:"
_INFO: Final = b"remember-them seal 1"

_HINT: Final = "Set REMEMBER_ENCRYPTION_KEY to the key that sealed them."


class Seal:
    """Seals and opens texts.

    Args:
        keys: Secrets of at least `SHORTEST_KEY` random characters. The first seals; all open.

    Raises:
        UsageError: There is none, or one of them is too short.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys or any(len(key) < SHORTEST_KEY for key in keys):
            raise UsageError(
                f"REMEMBER_ENCRYPTION_KEY needs at least {SHORTEST_KEY} characters.",
                'Make one with `python -c "import secrets; print(secrets.token_urlsafe(32))"`.',
            )
        ciphers = [_cipher(key) for key in keys]
        self.id = ciphers[0][0]
        self._cipher = ciphers[0][1]
        self._ciphers = dict(reversed(ciphers))

    @property
    def ids(self) -> frozenset[str]:
        """Whose seals can be opened."""
        return frozenset(self._ciphers)

    def close(self, text: str) -> str:
        """A text as it is stored; the empty one stays."""
        if not text:
            return text
        sealed = self._cipher.encrypt(text.encode("utf-8", "surrogatepass"), None)
        return f"{_SEALED}{self.id}:{base64.b64encode(sealed).decode()}"

    def open(self, stored: str) -> str:
        """The text that was sealed.

        Raises:
            RecordError: Another key sealed it, or it was changed since.
        """
        key, _, body = stored.removeprefix(_SEALED).partition(":")
        cipher = self._ciphers.get(key)
        if cipher is None:
            raise _locked()
        try:
            opened = cipher.decrypt(base64.b64decode(body, validate=True), None)
        except (binascii.Error, ValueError, _invalid_tag()) as error:
            raise RecordError(
                "Sealed words in the record were changed since they were sealed.",
                "Restore a backup of the record.",
            ) from error
        return opened.decode("utf-8", "surrogatepass")


_SEALS: WeakKeyDictionary[Dialect, Seal] = WeakKeyDictionary()


def use(engine: sa.Engine, seal: Seal | None) -> None:
    """Have an engine seal what it stores from now on, and open what is sealed."""
    if seal is None:
        _SEALS.pop(engine.dialect, None)
    else:
        _SEALS[engine.dialect] = seal


def stored(text: str, seal: Seal | None) -> str:
    """A text as it is stored with this seal, or without any."""
    if seal is not None:
        return seal.close(text)
    return _MARK + text if text.startswith(_MARK) else text


def opened(value: str, seal: Seal | None) -> str:
    """What was stored as this.

    Raises:
        RecordError: It is sealed, and there is no key that opens it.
    """
    if not value.startswith(_MARK):
        return value
    if not value.startswith(_SEALED):
        return value[1:]
    if seal is None:
        raise _locked()
    return seal.open(value)


def sealed_with(value: str) -> str | None:
    """Which key sealed what is stored as this; None where it is open."""
    if not value.startswith(_SEALED):
        return None
    return value.removeprefix(_SEALED).partition(":")[0]


class SealedText(sa.TypeDecorator[str]):
    """Text that is sealed where its engine has a seal."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """A text to what is stored."""
        return None if value is None else stored(value, _SEALS.get(dialect))

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """What is stored to the text."""
        return None if value is None else opened(value, _SEALS.get(dialect))


class SealedJson(sa.TypeDecorator[Any]):
    """A document that is sealed, as one text, where its engine has a seal."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """A document to what is stored."""
        seal = _SEALS.get(dialect)
        return value if seal is None or value is None else seal.close(json.dumps(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """What is stored to the document."""
        if isinstance(value, str) and value.startswith(_SEALED):
            return json.loads(opened(value, _SEALS.get(dialect)))
        return value


def _cipher(key: str) -> tuple[str, AESSIV]:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV  # noqa: PLC0415  keys are rare
    from cryptography.hazmat.primitives.hashes import SHA512  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    derived = HKDF(SHA512(), 64, None, _INFO).derive(key.encode())
    return hashlib.sha256(_INFO + derived).hexdigest()[:8], AESSIV(derived)


def _invalid_tag() -> type[Exception]:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415

    return InvalidTag


def _locked() -> RecordError:
    return RecordError("The words in the record are sealed with another key.", _HINT)
