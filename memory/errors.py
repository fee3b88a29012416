"""What can go wrong, split by what the reader must do. The root of every error of the project.

RememberError                 exit 1
├── UsageError                exit 2   say it another way
├── NotFoundError             exit 5   there is nothing of that name
│   └── ForgottenError                 there was, and it is not to be known again
├── NotAllowedError           exit 4   whoever asks may not see it, or not yet
├── BusyError                 exit 6   another process holds the data folder
└── RecordError               exit 1   the record cannot be used as it is
"""

from __future__ import annotations


class RememberError(Exception):
    """An operational failure: what happened, to what, and what to do next.

    Attributes:
        exit_code: What the command line exits with (design: section 5.1).
        title: The class of failure in a few words; the same for every case of it.
        detail: What happened, to what. Never a customer's words, phone or name.
        hint: What to do next.
    """

    exit_code = 1
    title = "Failed"

    def __init__(self, detail: str, hint: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = hint

    def problem(self) -> dict[str, object]:
        """The error as an RFC 9457 document."""
        kind = type(self).__name__.removesuffix("Error")
        slug = "".join(f"-{c.lower()}" if c.isupper() else c for c in kind).lstrip("-")
        return {
            "type": f"urn:remember-them:{slug or 'failed'}",
            "title": self.title,
            "detail": self.detail,
            "hint": self.hint,
            "exit_code": self.exit_code,
        }


class UsageError(RememberError):
    """The request cannot be understood as it was put."""

    exit_code = 2
    title = "Not understood"


class NotFoundError(RememberError):
    """There is nothing of that name."""

    exit_code = 5
    title = "Nothing found"


class ForgottenError(NotFoundError):
    """They are forgotten: nothing is held of them, and nothing is written down."""

    title = "Forgotten"


class NotAllowedError(RememberError):
    """Whoever asks may not see it, or not yet."""

    exit_code = 4
    title = "Not allowed"


class BusyError(RememberError):
    """Another process holds the data folder."""

    exit_code = 6
    title = "Busy"


class RecordError(RememberError):
    """The record cannot be opened, read or written."""

    title = "The record cannot be used"
