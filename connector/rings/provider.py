"""What every phone system has in common: it proves who speaks, and is read into one event."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from connector.fields import FieldError
from connector.rings.event import RingUnreadableError
from connector.rings.seen import Seen

if TYPE_CHECKING:
    from datetime import datetime

    from connector.rings.event import RingEvent, RingReply, RingRequest
    from connector.settings import Settings

LARGEST = 256 * 1024
"""Bytes of a body; phone systems send a hundredth of it."""


class Provider(ABC):
    """A phone system.

    It is pure but for what it has seen, so each service makes its own.

    Attributes:
        name: As in `/v1/rings/{provider}`.
        bearer: Whether it cannot sign: its requests are proven by an API token with the scope
            `ring:write`, which is the service's to check, and `verify` adds nothing to that.
    """

    name: ClassVar[str]
    bearer: ClassVar[bool] = False

    def __init__(self) -> None:
        self._seen = Seen()

    def verify(self, request: RingRequest, settings: Settings, now: datetime) -> None:
        """Prove who speaks, as the vendor prescribes.

        Args:
            request: The webhook as it came.
            settings: Hold the secrets.
            now: Ages are measured by it; UTC.

        Raises:
            RingRefusedError: It is not proven, too old, or its secret is not set.
            RingRepeatedError: It was told before; nothing need be done.
            RingUnreadableError: What proves it is in a body that cannot be read.
        """
        self._check_size(request)
        try:
            self._prove(request, settings, now)
            mark = self._mark(request)
        except FieldError as error:
            raise self._unreadable(error) from None
        if mark is not None:
            self._seen.add(mark, now)

    def forget(self, request: RingRequest) -> None:
        """Take a request as not yet seen: it could not be handled and may come again."""
        if _is_too_long(request):
            return
        with suppress(FieldError):  # what has no mark was not seen
            mark = self._mark(request)
            if mark is not None:
                self._seen.discard(mark)

    def read(self, request: RingRequest, now: datetime) -> RingEvent | None:
        """What a verified request says.

        Args:
            request: The webhook as it came.
            now: When it came, for phone systems that do not say when it happened; UTC.

        Returns:
            None for one that says nothing of a call with a customer.

        Raises:
            RingUnreadableError: It is not what the phone system documents.
        """
        self._check_size(request)
        try:
            return self._event(request, now)
        except FieldError as error:
            raise self._unreadable(error) from None

    def answer(self, request: RingRequest) -> RingReply | None:
        """What is answered at once, before `verify`, to a request that only says hello."""
        del request
        return None

    @abstractmethod
    def _prove(self, request: RingRequest, settings: Settings, now: datetime) -> None:
        """Refuse what is not proven."""

    @abstractmethod
    def _mark(self, request: RingRequest) -> str | bytes | None:
        """What makes a request the same as another; None where repeating one does no harm."""

    @abstractmethod
    def _event(self, request: RingRequest, now: datetime) -> RingEvent | None:
        """Read a request."""

    def _check_size(self, request: RingRequest) -> None:
        if _is_too_long(request):
            raise RingUnreadableError(
                f"A ring of {self.name} is longer than {LARGEST // 1024} KiB.",
                "Look at what is sent to this address: no phone system tells so much of a call.",
            )

    def _unreadable(self, error: FieldError) -> RingUnreadableError:
        field = f"the field {error.path!r} " if error.path else "it "
        return RingUnreadableError(
            f"A ring of {self.name} cannot be read: {field}{error.reason}.",
            "Compare the phone system's settings with the table in the README.",
        )


def _is_too_long(request: RingRequest) -> bool:
    return len(request.body) > LARGEST or len(request.url) > LARGEST
