"""What can go wrong on the way to a helpdesk, split by what the caller must do.

    RememberError
    ├── ConfigurationError        exit 2   mend the settings
    ├── CredentialsError          exit 4   the helpdesk refuses us
    ├── EventError                exit 2   what a webhook brought is no event
    └── HelpdeskError             exit 7   stop; the run can be resumed
        ├── RetryableError                 try again, after `seconds` where the helpdesk says so
        │   ├── LimitedError               a rate limit
        │   └── UnsentError                it surely did not arrive
        ├── MissingError                   skip: the helpdesk does not have it
        └── MalformedError                 the answer is not what the API promises

None of them carries a response's body: it may hold a customer's words.
"""

from __future__ import annotations

from memory.errors import RememberError


class ConfigurationError(RememberError):
    """A setting is missing or cannot be used."""

    exit_code = 2
    title = "The settings cannot be used"


class CredentialsError(RememberError):
    """The helpdesk refuses the credentials, or grants less than is needed."""

    exit_code = 4
    title = "Credentials refused"


class HelpdeskError(RememberError):
    """The helpdesk cannot be reached, limits us or answers nonsense; the run can be resumed."""

    exit_code = 7
    title = "The helpdesk cannot be used now"


class RetryableError(HelpdeskError):
    """Worth another try.

    Attributes:
        seconds: How long the helpdesk asks us to wait, or None.
    """

    title = "The helpdesk did not answer"

    def __init__(self, detail: str, hint: str = "", *, seconds: float | None = None) -> None:
        super().__init__(detail, hint)
        self.seconds = seconds


class LimitedError(RetryableError):
    """A rate limit is used up."""

    title = "The helpdesk limits us"


class UnsentError(RetryableError):
    """No connection was made: what was to be sent surely did not arrive."""


class MissingError(HelpdeskError):
    """The helpdesk does not have what was asked for; skip it and go on."""

    title = "Not at the helpdesk"


class MalformedError(HelpdeskError):
    """An answer is not what the helpdesk's API promises."""

    title = "The helpdesk's answer cannot be read"


class EventError(RememberError):
    """What a webhook brought is not an event as the helpdesk documents it."""

    exit_code = 2
    title = "The event cannot be read"
