"""Writes down who saw what, once whoever asked has been answered.

An answer does not wait for whoever else writes the record: what was seen is put in a queue, which
one thread empties, many looks at once, so that answers have the processor. A graceful stop writes
what is left; a kill loses the last second of it, and so does a stop while the record cannot be
written for longer than the stop may take. What must be written before it is shown, a reveal, does
not go through here.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from memory.errors import RememberError
from memory.face.looking import Seen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from connector.service.bearers import Principal
    from memory import Memory

FLUSH_SECONDS: Final = 1.5
"""What a graceful stop gives to what is still to be written."""

_log = logging.getLogger(__name__)

_A_CALL = timedelta(hours=2)
_NO_CALL = timedelta(minutes=10)
"""Within which the same agent's look at the same customer is one look: the longest that a call
lasts, or a visit without one."""

_A_DAY = timedelta(hours=12)
_OWN: Final = frozenset({"day", "regulars"})
"""What a page asks for again and again all day, and the agent knows."""

_AT_ONCE: Final = 500
"""Entries of one transaction."""

_GATHER_SECONDS: Final = 1.0
"""For how long looks are gathered before they are written in one transaction."""

_AGAIN_SECONDS: Final = 5.0
_MOST_REMEMBERED: Final = 20_000


class Looks:
    """The looks at customers that are still to be written down."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[tuple[Memory, Seen]] = deque()
        self._lately: dict[tuple[object, ...], datetime] = {}
        self._thread: threading.Thread | None = None
        self._closing = False
        self._hurried = False

    async def look(
        self,
        memory: Memory,
        principal: Principal,
        what: str,
        customers: Sequence[str],
        *,
        agent: str | None,
        call: str | None,
        at: datetime,
        subject: str | None = None,
    ) -> None:
        """Somebody has seen something; it is written soon, once for each agent and call.

        A task for after the answer: it waits for nothing.

        Args:
            memory: Of whose account the customers are.
            principal: Whose bearer it was.
            what: What they saw, such as `brief`.
            customers: Of whom, as refs.
            agent: For which agent a program asked, as a ref.
            call: `ring:KEY` or `ticket:REF`; None where it was in none.
            at: When.
            subject: What they saw or made, such as a note, where that says more than the call.
        """
        subject = subject or _subject(call)
        who = agent or principal.name
        for customer in customers:
            about = (who, principal.proof, principal.source, what, customer, subject)
            seen, key = Seen(at, *about), (principal.account, *about)
            with self._changed:
                if not self._is_new(key, at, _within(what, call)):
                    continue
                self._waiting.append((memory, seen))
                self._work()
                if len(self._waiting) in {1, _AT_ONCE}:  # else the thread knows, and gathers
                    self._changed.notify_all()

    def close(self, seconds: float = FLUSH_SECONDS) -> None:
        """Write what is left, as far as the time suffices; the next look begins anew."""
        with self._changed:
            thread, self._closing = self._thread, True
            self._changed.notify_all()
        if thread is not None:
            thread.join(seconds)
        with self._changed:
            if self._waiting:
                _log.error(
                    "%d looks at customers could not be written down before the end.",
                    len(self._waiting),
                )

    def flush(self) -> None:
        """Wait until everything that was seen is written down."""
        with self._changed:
            self._hurried = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._waiting)
            self._hurried = False

    def let_go(self) -> None:
        """Know no more whom somebody has looked at lately; what waits is still written."""
        with self._changed:
            self._lately.clear()

    def _is_new(self, key: tuple[object, ...], at: datetime, within: timedelta) -> bool:
        before = self._lately.get(key)
        if before is not None and at - before < within:
            return False
        if len(self._lately) >= _MOST_REMEMBERED:
            self._lately = {one: then for one, then in self._lately.items() if at - then < _A_CALL}
        if len(self._lately) >= _MOST_REMEMBERED:
            self._lately.clear()
        self._lately[key] = at
        return True

    def _work(self) -> None:
        """Have a thread that writes."""
        if self._thread is None:
            self._closing = False
            self._thread = threading.Thread(target=self._run, name="looks", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        """Write what waits until closed; what could not be written is tried again."""
        while some := self._next():
            written = self._write(some)
            with self._changed:
                for _ in some if written else ():
                    self._waiting.popleft()
                if not written and not self._closing:
                    self._changed.wait_for(lambda: self._closing, _AGAIN_SECONDS)
                elif not written:
                    self._thread = None
                    return
                self._changed.notify_all()

    def _write(self, some: list[tuple[Memory, Seen]]) -> bool:
        try:
            some[0][0].write_down([seen for _, seen in some])
        except RememberError as error:
            _log.warning("Who saw what could not be written down yet: %s", error.detail)
            return False
        return True

    def _next(self) -> list[tuple[Memory, Seen]]:
        """The first that wait of one account, once there are any; none when it is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            if not self._waiting:
                self._thread = None
                return []
            self._changed.wait_for(self._is_due, _GATHER_SECONDS)
            return self._first()

    def _is_due(self) -> bool:
        return self._closing or self._hurried or len(self._waiting) >= _AT_ONCE

    def _first(self) -> list[tuple[Memory, Seen]]:
        some: list[tuple[Memory, Seen]] = []
        for one in self._waiting:
            if len(some) == _AT_ONCE or one[0] is not self._waiting[0][0]:
                break
            some.append(one)
        return some


def _within(what: str, call: str | None) -> timedelta:
    """For how long it is one look."""
    if what in _OWN:
        return _A_DAY
    return _NO_CALL if call is None else _A_CALL


def _subject(call: str | None) -> str | None:
    """The call as the log knows it: a ticket by its id."""
    kind, _, value = (call or "").partition(":")
    return f"ticket:{value.rpartition(':')[2]}" if kind == "ticket" else call
