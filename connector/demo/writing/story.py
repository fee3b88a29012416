"""The whole story: people, cast, what happens later, and what the briefs must show."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from connector.demo.writing import cast, script
from connector.demo.writing.dice import Dice
from connector.demo.writing.phrasebook import Phrasebook, series
from connector.demo.writing.script import Json, Names

HERE = Path(__file__).parent
STORY_FILE = HERE.parent / "stories" / "lumenline.json"

ANCHOR = ("roaming-refund", 8831)
"""The ticket whose number is known to the reader; the others count from it in time order."""


def write_story() -> str:
    """Return the packaged story as JSON text, each thing of a list on a line of its own.

    Raises:
        ValueError: a head, a ticket or a customer that nobody has written is named, or two
            customers go by one key.
    """
    return _printed(build_story())


def build_story() -> Json:
    """Return the packaged story."""
    company = _read(HERE / "company.toml")
    people = [_read(path) for path in sorted((HERE / "people").glob("*.toml"))]
    others = _read(HERE / "cast.toml")["customers"]
    changes = _read(HERE / "changes.toml")["changes"]
    customers = [each for person in people for each in person["customers"]] + others
    names = Names(
        agents={agent["key"]: agent["id"] for agent in company["agents"]},
        customers=_by_key(customers),
        agent_names={agent["key"]: agent["name"] for agent in company["agents"]},
    )
    tickets, numbers = _numbered([*_people(people, names), *_cast(others, names)])
    story = {
        **{key: company[key] for key in ("format", "name", "account")},
        "as_of": script.rfc3339(script.AS_OF),
        **{key: company[key] for key in ("time_zone", "default_region", "organizations")},
        "agents": [_without_key(agent) for agent in company["agents"]],
        "customers": sorted((_customer(each) for each in customers), key=lambda each: each["id"]),
        "tickets": tickets,
        "calls": sorted(_calls(people, names), key=lambda each: (each["at"], each["id"])),
        "changes": [_change(each, names, numbers) for each in changes],
        "expect": [
            {"case": person["case"], "who": person["who"], **expect}
            for person in sorted(people, key=lambda person: person["case"])
            for expect in person["expect"]
        ],
    }
    story["expect"] = _resolved(story["expect"], names, numbers)
    return story


def _read(path: Path) -> Json:
    with path.open("rb") as file:
        return tomllib.load(file)


def _by_key(customers: list[Json]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in customers:
        if each["key"] in found:
            raise ValueError(f"two customers go by the key {each['key']!r}")
        found[each["key"]] = each["id"]
    return found


def _people(people: list[Json], names: Names) -> Iterator[tuple[str | None, Json]]:
    for person in people:
        first = person["customers"][0]
        for spec in person.get("tickets", []):
            customer = names.customers[spec.get("customer", first["key"])]
            yield spec.get("key"), script.ticket(spec, customer, names)
        for part in person.get("series", []):
            book = Phrasebook.read(HERE / "phrases", part["book"], Dice(f"{first['key']} words"))
            taken = {spec["at"].date() for spec in person["tickets"]}
            for spec in series(part, first, book, Dice(f"{first['key']} days"), taken):
                yield None, script.ticket(spec, first["id"], names)


def _calls(people: list[Json], names: Names) -> Iterator[Json]:
    for person in people:
        for spec in person.get("calls", []):
            customer = names.customers[spec.get("customer", person["customers"][0]["key"])]
            yield script.lone_call(spec, customer, names)


def _cast(others: list[Json], names: Names) -> Iterator[tuple[str | None, Json]]:
    book = Phrasebook.read(HERE / "phrases", "household", Dice("the cast's words"))
    for person in others:
        for spec in cast.tickets(person, book, Dice(person["key"])):
            yield None, script.ticket(spec, person["id"], names)


def _numbered(made: list[tuple[str | None, Json]]) -> tuple[list[Json], dict[str, int]]:
    made = sorted(made, key=lambda each: (each[1]["at"], each[1]["customer"]))
    keys = [key for key, _ in made]
    first = ANCHOR[1] - keys.index(ANCHOR[0])
    tickets = [{"id": first + place, **each} for place, (_, each) in enumerate(made)]
    return tickets, {key: first + place for place, key in enumerate(keys) if key}


def _customer(person: Json) -> Json:
    made = {key: value for key, value in person.items() if key not in {"key", *cast.DIRECTIONS}}
    made["created_at"] = script.rfc3339(made["created_at"])
    return {"phone": None, "email": None, **made}


def _without_key(agent: Json) -> Json:
    return {key: value for key, value in agent.items() if key != "key"}


def _change(change: Json, names: Names, numbers: dict[str, int]) -> Json:
    made = {**change, "at": script.rfc3339(change["at"])}
    match change["do"]:
        case "add_ticket":
            spec = {**change["ticket"], "at": change["at"]}
            made["ticket"] = {
                "id": spec["id"],
                **script.ticket(spec, names.customers[spec["customer"]], names),
            }
        case "add_message":
            head, text = change["message"]
            made["message"] = script.message(head, text, change["at"], change["agent"], names)
            del made["agent"]
        case "add_customer":
            made["customer"] = _customer(change["customer"])
        case _:
            pass
    for place in ("customer", "loser", "winner"):
        if isinstance(made.get(place), str):
            made[place] = names.customers[made[place]]
    if isinstance(made.get("ticket"), str):
        made["ticket"] = numbers[made["ticket"]]
    return made


def _resolved(value: Any, names: Names, numbers: dict[str, int]) -> Any:
    """Replace ``#key`` by that ticket's number, ``@key`` by that customer's id.

    ``@null`` stands for null, which TOML does not have.
    """
    if isinstance(value, dict):
        return {key: _resolved(each, names, numbers) for key, each in value.items()}
    if isinstance(value, list):
        return [_resolved(each, names, numbers) for each in value]
    if not isinstance(value, str):
        return value
    if value == "@null":
        return None
    value = re.sub(r"#([a-z-]+)", lambda found: str(numbers[found[1]]), value)
    return re.sub(
        r"^zendesk:@([a-z-]+)", lambda found: f"zendesk:{names.customers[found[1]]}", value
    )


def _printed(story: Json) -> str:
    parts = []
    for key, value in story.items():
        if isinstance(value, list):
            rows = ",\n".join(json.dumps(each, ensure_ascii=False) for each in value)
            parts.append(f"{json.dumps(key)}: [\n{rows}\n]")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"
