"""The same by command: a note that is written to the helpdesk, and a reindex that keeps all."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from filelock import FileLock

from memory import Memory
from tests.support.house import House, served, settings_for
from tests.support.tale import AS_OF, DAY, customer, message, tale, ticket, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("model")]

ANA, BO, CY = "zendesk:101", "zendesk:102", "zendesk:103"
SAID = (
    (101, "I breed greyhounds, it is my great love."),
    (101, "Please speak slowly, my hearing is not good."),
    (102, "My mother passed away last week."),
    (103, "My husband has dementia and I look after him."),
)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A data folder that holds the history of a helpdesk, not yet remembered; for copies."""
    folder = tmp_path_factory.mktemp("notes")
    tickets = [
        ticket(n, who, AS_OF - n * DAY, messages=[message("customer", AS_OF - n * DAY, words)])
        for n, (who, words) in enumerate(SAID, 1)
    ]
    tickets.append(ticket(5, 104, AS_OF - DAY, status="closed"))
    story = tale(tickets, [customer(n) for n in (101, 102, 103, 104)])
    with served(written(story, folder)) as url:
        made = House(folder / "home", settings_for(url, NOTES_TO_HELPDESK="internal_note"))
        done = made.run("backfill", "--no-remember", "--account", "zendesk:acme")
        assert done.code == 0, done.err
        yield made


@pytest.fixture
def house(taken: House, tmp_path: Path) -> House:
    """The same folder, for a test to change; the helpdesk keeps what others wrote."""
    shutil.copytree(taken.home, tmp_path / "home")
    return taken.at(tmp_path / "home")


def _comments(house: House, number: int) -> list[dict[str, Any]]:
    """The comments of a ticket, as the helpdesk has them."""
    url = house.settings["ZENDESK_URL"]
    names = ("ZENDESK_CLIENT_ID", "ZENDESK_CLIENT_SECRET")
    client, secret = (house.settings[name] for name in names)
    grant = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
    with httpx.Client(base_url=url, trust_env=False) as wire:
        token = wire.post("/oauth/tokens", json={**grant, "scope": "read"}).json()["access_token"]
        told = wire.get(
            f"/api/v2/tickets/{number}/comments", headers={"Authorization": f"Bearer {token}"}
        )
    found: list[dict[str, Any]] = told.json()["comments"]
    return found


def _note(house: House, words: str, who: str) -> str:
    done = house.run("note", words, "--customer", who, "--account", "zendesk:acme")
    assert done.code == 0, done.err
    return done.out


def test_a_note_is_in_the_ticket_when_the_command_ends(house: House) -> None:
    """And the command says in which."""
    told = _note(house, "Prefers mornings", BO)
    assert "It stands in zendesk:3, too." in told
    last = _comments(house, 3)[-1]
    assert last["public"] is False
    assert last["plain_body"].startswith("Prefers mornings")


def test_a_note_waits_while_another_command_holds_the_folder(house: House) -> None:
    """It is taken all the same; the next command that may writes it."""
    before = len(_comments(house, 1)) + len(_comments(house, 2))
    with FileLock(house.home / "lock"):
        told = _note(house, "Rings on Fridays", ANA)
    assert "or the next one, writes it to the helpdesk" in told
    assert len(_comments(house, 1)) + len(_comments(house, 2)) == before
    _note(house, "Rings at noon", BO)
    assert len(_comments(house, 1)) + len(_comments(house, 2)) == before + 1


def test_a_note_that_no_ticket_takes_is_said_to_stay(house: House) -> None:
    """The customer's only ticket is closed for good."""
    assert "No ticket of the customer takes it." in _note(house, "Is kind", "zendesk:104")


def test_a_note_is_taken_though_the_helpdesk_is_away(house: House) -> None:
    """It is safe here, and the user hears why it is not there yet."""
    away = house.but(ZENDESK_URL="http://127.0.0.1:9", RETRY_SECONDS="1")
    done = away.run("note", "Likes tea", "--customer", ANA, "--account", "zendesk:acme")
    assert done.code == 0
    assert "The next sync tries" in done.out
    assert "safe here" in done.err
    assert "Likes tea" not in done.err


@pytest.mark.long
def test_a_reindex_keeps_notes_corrections_and_opt_outs(house: House) -> None:
    """Derived anew from every message, and shown as it was before."""
    account = ("--account", "zendesk:acme")
    with Memory.open(house.home, account="zendesk:acme") as memory:
        memory.remember()
        ids = {
            one["quote"]: one["memory"]
            for who in (ANA, BO)
            for one in memory.export(customer=who)["memories"]  # type: ignore[attr-defined]
            if one["kind"] != "issue"
        }
        memory.correct(ids[SAID[0][1]], "unwanted")
        memory.correct(ids[SAID[1][1]], "wrong")
        memory.correct(ids[SAID[2][1]], "outdated")
        memory.opt_out(CY)
        memory.note("Rings at dawn", customer=BO)
        memory.remember()  # what is not wanted leaves the tickets then
        before = {who: memory.export(customer=who) for who in (ANA, BO, CY)}
    done = house.run("reindex", "--memories", *account)
    assert done.code == 0, done.err
    with Memory.open(house.home, account="zendesk:acme") as memory:
        after: Any = {who: memory.export(customer=who) for who in (ANA, BO, CY)}
    states = {one["quote"]: one["state"] for who in (ANA, BO) for one in after[who]["memories"]}
    assert after == before
    assert (states[SAID[1][1]], states[SAID[2][1]]) == ("corrected", "superseded")
    assert {one["kind"] for one in after[CY]["memories"]} == {"issue"}
    assert [one["text"] for one in after[BO]["notes"]] == ["Rings at dawn"]
    assert SAID[0][1] not in str(after[ANA])
