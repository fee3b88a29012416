"""What an agent asks for themselves: whom they know, what their day was, who somebody may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.asking.day import day_of
from memory.asking.finding import customers_of
from memory.asking.identity import agent_of
from memory.asking.regulars import regulars_of
from memory.errors import UsageError
from memory.face.opened import Opened

if TYPE_CHECKING:
    from datetime import date

    from memory.asking.day import Day
    from memory.asking.finding import Customers
    from memory.asking.regulars import Regulars


class AgentsOwn(Opened):
    """For that agent's eyes only, and never to rank them."""

    def regulars(self, agent: str) -> Regulars:
        """The customers an agent knows, those they spent most time with of late first.

        Args:
            agent: A ref or an e-mail.

        Raises:
            UsageError: There is no such agent.
        """
        with self.record.reading() as connection:
            view = self._view(self.record.account(self._account_name, connection))
            return regulars_of(connection, view, agent_of(connection, view, agent))

    def day(self, agent: str, *, on: date | None = None) -> Day:
        """An agent's conversations and rings of a day, with what there is to remember of each.

        Args:
            agent: A ref or an e-mail.
            on: Which day, in the account's time zone; today unless given.

        Raises:
            UsageError: There is no such agent.
        """
        with self.record.reading() as connection:
            view = self._view(self.record.account(self._account_name, connection))
            asking = agent_of(connection, view, agent)
            return day_of(connection, view, asking, on or view.today)

    def customers(self, words: str) -> Customers:
        """The customers whose name, phone or e-mail begins with some words, twenty at most.

        Args:
            words: Words of a name in any order, an e-mail or its beginning, or a phone.

        Raises:
            UsageError: There is nothing to look for.
        """
        if not words.strip():
            raise UsageError("There is nothing to look for.", "Give a name, phone or e-mail.")
        with self.record.reading() as connection:
            view = self._view(self.record.account(self._account_name, connection))
            return customers_of(connection, view, words, self._region)
