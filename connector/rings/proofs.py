"""What proofs of a sender have in common: a secret, a comparison, an age."""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from connector.rings.event import RingRefusedError

if TYPE_CHECKING:
    from pydantic import SecretStr

WINDOW = timedelta(minutes=5)
"""How far a signed time may be from ours, before or after."""
_SECONDS = re.compile(r"\d{1,10}")


def secret(value: SecretStr | str | None, setting: str) -> str:
    """A secret of the settings.

    Args:
        value: As it is set.
        setting: Its name, for the hint.

    Raises:
        RingRefusedError: It is not set, so nothing can be proven.
    """
    text = value if isinstance(value, str) or value is None else value.get_secret_value()
    if not text:
        raise RingRefusedError(
            "Rings of this phone system cannot be proven: its secret is not set.",
            f"Set REMEMBER_{setting}.",
        )
    return text


def same(told: str, expected: str) -> bool:
    """Whether two texts are equal, in a time that does not tell how much of them is."""
    return hmac.compare_digest(
        told.encode("utf-8", "surrogatepass"), expected.encode("utf-8", "surrogatepass")
    )


def check_age(seconds: str, now: datetime) -> None:
    """Refuse what was signed too long ago, or for later.

    Args:
        seconds: The signed time, in Unix seconds.
        now: Ours.

    Raises:
        RingRefusedError: It is no time, or not within the window.
    """
    if not _SECONDS.fullmatch(seconds):
        raise RingRefusedError(
            "The ring has no time that could be checked.",
            "Send the time of signing in Unix seconds.",
        )
    signed = datetime.fromtimestamp(0, UTC) + timedelta(seconds=int(seconds))
    if abs(now - signed) > WINDOW:
        minutes = int(WINDOW.total_seconds() // 60)
        raise RingRefusedError(
            f"The ring was signed more than {minutes} minutes before or after now.",
            "Check the clocks of both machines; a copy of an old ring is rightly refused.",
        )


def refused(hint: str) -> RingRefusedError:
    """The error of a proof that does not hold; never says what would have."""
    return RingRefusedError("The sender of the ring is not proven.", hint)
