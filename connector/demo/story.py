"""A story: the helpdesk that is simulated, written down as one JSON document.

A story is a JSON file (or the same, gzipped: ``.json.gz``). Keys with a star must be there; every
other key may be left out. A key that is not named here is refused, so that a slip of the pen is
found and not ignored. All ids are positive integers; agents and customers share one range. A time
is an RFC 3339 string with an offset, or Unix seconds::

    {
      "format": 1, "name": "Lumen Line", "account": "lumenline", "source": "where it comes from",
      "as_of":          the helpdesk's present time; default: an hour after the last time told
      "time_zone":      IANA name, default "UTC"         "default_region": "US"
      "organizations":  [{"id"*, "name"*}]
      "agents"*:        [{"id"*, "name"*, "email", "role": "agent|admin", "active": true}]
      "customers"*:     [{"id"*, "name"*, "phone": "+1212…" | "free text" | null,
                          "shared_phone": false, "email", "organization": id,
                          "language": "en-US", "time_zone": IANA name, "created_at",
                          "identities": [{"type"*: "email|phone_number", "value"*}]}]
      "tickets"*:       [{"id"*, "customer"*: id, "agent": id of the assignee | null,
                          "subject" (or "topic"): one of them*, "channel": "voice|email|web|…",
                          "status": "new|open|pending|hold|solved|closed",
                          "complete": without a status, true means solved and false open,
                          "at"*, "updated_at", "solved_at",
                          "ai": false (true: an AI agent handled it, no human did),
                          "rating": {"score"*: "good|bad", "agent": id, "at"*, "comment"},
                          "messages"*: [message, …]}]
      "calls":         [{"id"*, "at"*, "call"*: a call that left no ticket, "customer": id}]
      "changes":        [change, …]      "expect": [expectation, …]
    }

A **message** is ``{"by"*, "at"*, "text"*, "public": true, "html", "call"}``. ``by`` is
``"customer"`` (the ticket's), ``"agent"`` (its assignee), ``"system"``, ``{"customer": id}`` or
``{"agent": id}``. Messages stand in the order of their times. A **call** is ``{"kind": "talk" |
"partner", "direction": "inbound" | "outbound", "minutes"*, "answered_by": agent id | null,
"from": "+1…" | "anonymous", "transcript", "outcome": "answered | missed | abandoned |
voicemail", "voicemail": false}``; ``"voicemail": true`` is the outcome of that name.

A **change** is what happens later; the simulation applies those whose ``at`` its clock has
reached. Each is ``{"at"*, "do"*, …}``, in the order of their times:

===============================  ==================================================================
``do``                           its other keys
===============================  ==================================================================
``add_message``                  ``ticket``, ``message``
``add_ticket``                   ``ticket``: a whole ticket
``add_customer``                 ``customer``: a whole customer
``update_customer``              ``customer``, ``set``: any of name, phone, shared_phone, email,
                                 organization, language, time_zone, suspended
``update_ticket``                ``ticket``, ``set``: any of status, agent, subject, customer,
                                 rating
``add_identity``                 ``customer``, ``identity``: ``{"type"*, "value"*}`` (also
                                 ``remove_identity``, which takes a primary one away as well)
``update_agent``                 ``agent``, ``set``: any of name, active
``merge_customers``              ``loser``, ``winner``
``delete_customer``              ``customer`` (``delete_customer_permanently``: its scrubbed end,
                                 ``restore_customer``: before that end)
``delete_ticket``                ``ticket`` (also ``spam_ticket``, ``scrub_ticket``: its content
                                 is gone for good, ``restore_ticket``)
``merge_tickets``                ``loser``, ``winner``: the loser is closed and points to the
                                 winner
``redact_message``               ``ticket``, ``message``: its index from 0, ``words``
``make_private``                 ``ticket``, ``message``: its index from 0
===============================  ==================================================================

An **expectation** says what the brief of a person must and must not show: ``{"case"*: number,
"who"*, "due"*: number of the piece of work that brings it, "ask"*: options of ``remember brief``,
"exit": 0, "has": path → value, "counts": path → length or {"min": n}, "lacks": [words],
"prints": [words]}``.
"""

from __future__ import annotations

import gzip
import json
import zlib
from importlib.resources import files
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from connector.demo.story_checks import first_flaw
from connector.demo.story_parts import Expectation, Story
from memory.errors import RememberError

__all__ = ["Expectation", "Story", "StoryError", "load_story", "packaged_story", "read_story"]

_STORY = TypeAdapter(Story)
_HINT = "The format is told at the top of connector/demo/story.py."


class StoryError(RememberError):
    """The story cannot be read: it names the file and the place in it."""

    exit_code = 2
    title = "The story cannot be served"


def packaged_story() -> Path:
    """Where the story that comes with the package lies."""
    return Path(str(files("connector.demo") / "stories" / "lumenline.json"))


def load_story(path: Path) -> Story:
    """Reads the story at `path`, a ``.json`` or ``.json.gz`` file.

    Raises:
        StoryError: The file cannot be read, is not JSON, or is not a story; the place is named.
    """
    try:
        raw = path.read_bytes()
        document = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    except (OSError, EOFError, zlib.error) as error:
        raise StoryError(f"{path}: {error}", "Name a story: a .json or .json.gz file.") from error
    except (ValueError, RecursionError) as error:
        raise StoryError(f"{path}: not JSON: {error}", "Mend the file and try again.") from error
    try:
        return read_story(document)
    except StoryError as error:
        raise StoryError(f"{path}: {error.detail}", error.hint) from error


def read_story(document: object) -> Story:
    """Reads the story that a JSON document tells.

    Raises:
        StoryError: It is not a story; the message names the JSON path of what is wrong.
    """
    try:
        story = _STORY.validate_python(document)
    except ValidationError as error:
        raise StoryError(_told(error, document), _HINT) from error
    if flaw := first_flaw(story):
        raise StoryError(flaw, _HINT)
    return story


def _told(error: ValidationError, document: object) -> str:
    """The first thing that is wrong: its JSON path and what is wrong there, never its value."""
    first = error.errors(include_url=False, include_input=False)[0]
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{_path(first['loc'], document) or 'the document'}: {first['msg']}{more}"


def _path(steps: tuple[int | str, ...], node: object) -> str:
    """The JSON path of an error; the steps of pydantic that name a choice of type are left out."""
    path = ""
    for number, step in enumerate(steps, 1):
        if isinstance(node, list) and isinstance(step, int) and step < len(node):
            path, node = f"{path}[{step}]", node[step]
        elif isinstance(node, dict) and (step in node or number == len(steps)):
            path, node = f"{path}.{step}", node.get(step)
    return path.lstrip(".")
