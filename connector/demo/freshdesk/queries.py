"""What a query may ask: its parameters, and the page of a list.

https://developers.freshdesk.com/api/#pagination
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from connector.demo.freshdesk import problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.demo.freshdesk.account import LiveAgent

Key = TypeVar("Key")

PAGING = frozenset({"page", "per_page"})

_USUAL = 30
_LARGEST = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: what is asked, by whom, at which Unix second.

    Attributes:
        url: The address that was asked, without its query.
        params: Of the query.
        now: The second.
        agent: The owner of the key.
        restricted: Whether they see only the tickets assigned to them.
        id: Of the record, where the path names one.
        body: The JSON object that was sent.
    """

    url: str
    params: Mapping[str, str]
    now: int
    agent: LiveAgent
    restricted: bool = False
    id: int = 0
    body: Mapping[str, Any] | None = None

    def only(self, *names: str) -> None:
        """Refuses every parameter that is none of `names`.

        Raises:
            RefusedError: 400 ``invalid_field``.
        """
        for name in self.params:
            if name not in names:
                raise problems.unknown_field(name)

    def includes(self, *names: str) -> set[str]:
        """What is to be included, out of `names`.

        Raises:
            RefusedError: 400: something else.
        """
        asked = {one for one in self.params.get("include", "").split(",") if one}
        if asked - set(names):
            raise problems.invalid("include", f"It should be one of: {','.join(names)}")
        return asked

    def choice(self, name: str, *values: str) -> str | None:
        """The value of parameter `name`, one of `values`.

        Raises:
            RefusedError: 400: it is another.
        """
        value = self.params.get(name)
        if value is not None and value not in values:
            told = ",".join(f"'{one}'" for one in values)
            raise problems.invalid(name, f"It should be one of these values: {told}")
        return value

    def number(self, name: str) -> int | None:
        """The positive whole number given as `name`.

        Raises:
            RefusedError: 400: it is none.
        """
        value = self.params.get(name)
        if value is None:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 16 and int(value)):
            raise problems.invalid(name, "It should be a Positive Integer", "datatype_mismatch")
        return int(value)

    def moment(self, name: str) -> int | None:
        """The Unix second given as `name`.

        Raises:
            RefusedError: 400: it is no ISO 8601 time.
        """
        value = self.params.get(name)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            told = "It should be in the 'combined date and time ISO8601' format"
            raise problems.invalid(name, told) from error
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return int(aware.timestamp())

    def page(
        self, keys: Sequence[Key], wall: int | None = None
    ) -> tuple[Sequence[Key], dict[str, str]]:
        """The page of `keys` that is asked for, and the headers that name the next one.

        The last page has no such header; the last before `wall` has one that leads behind it.

        Raises:
            RefusedError: 400: there is no such page size, or the page lies behind the wall.
        """
        size = self.number("per_page") or _USUAL
        if size > _LARGEST:
            told = f"It should be a Positive Integer less than or equal to {_LARGEST}"
            raise problems.invalid("per_page", told)
        number = self.number("page") or 1
        if wall is not None and number > wall:
            raise problems.beyond_the_wall(wall)
        shown = keys[(number - 1) * size : number * size]
        if number * size >= len(keys):
            return shown, {}
        following = urlencode({**self.params, "page": str(number + 1)})
        return shown, {"Link": f'<{self.url}?{following}>;rel="next"'}
