"""Who runs a command, and what the access log says they saw."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from memory import Memory
    from memory.face.keeping import Act

PROOF: Final = "os-user"
SOURCE: Final = "command"


def os_user() -> str:
    """The user of the operating system, as the system says: not what the environment claims."""
    try:
        import pwd
    except ImportError:  # no Unix
        from getpass import getuser

        return getuser()
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # a container's number need not have a name
        return f"uid:{number}"


def own_act() -> Act:
    """Who runs this command, for the access log."""
    from memory.face.keeping import Act

    return Act(os_user(), PROOF, SOURCE)


def write_down(
    memory: Memory, what: str, customers: Iterable[str], *, subject: str | None = None
) -> None:
    """Write into the access log what is about to be printed, or was done.

    Args:
        memory: Of whose account the customers are.
        what: What will be seen, such as `brief`.
        customers: Of whom, as refs.
        subject: Which memory or note it is about.

    Raises:
        RecordError: It cannot be written, and so it is not to be shown.
    """
    from connector.clock import SystemClock
    from memory.face.looking import Seen

    at, who = SystemClock().now(), os_user()
    memory.write_down([Seen(at, who, PROOF, SOURCE, what, one, subject) for one in customers])
