"""What `remember doctor` says of a set-up before anything was read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from connector.doctor import examine
from connector.errors import CredentialsError
from connector.settings import Settings
from connector.sync.helpdesk import Access
from memory.workplace import Workplace

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 7, 7, 9, tzinfo=UTC)


def _workplace(folder: Path) -> Workplace:
    return Workplace(f"sqlite:///{folder / 'record.sqlite'}", folder / "index")


def test_a_fresh_set_up_is_as_it_should_be(tmp_path: Path) -> None:
    """A folder and a record that are not there yet need no mending, and none is made."""
    home = tmp_path / "home"
    found = list(examine(Settings(home=home), _workplace(home), {"Acme": lambda: Access("9", NOW)}))
    assert [one for one in found if not one.ok] == []
    assert {one.check for one in found} >= {"data folder", "disk", "record", "helpdesk"}
    assert not home.exists()


def test_what_a_helpdesk_refuses_is_said_with_what_to_do(tmp_path: Path) -> None:
    """And so is what it warns of."""

    def refused() -> Access:
        raise CredentialsError("Acme does not know these credentials.", "Check the key.")

    def warned() -> Access:
        return Access("9", NOW, ("The clock is wrong.",))

    asks = {"Acme": refused, "Apex": warned}
    found = list(examine(Settings(home=tmp_path), _workplace(tmp_path), asks))
    told = [(one.detail, one.hint) for one in found if one.check == "helpdesk" and not one.ok]
    assert told == [
        ("Acme does not know these credentials.", "Check the key."),
        ("Apex: The clock is wrong.", ""),
    ]
