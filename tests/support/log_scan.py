"""Reads all that is logged and counted while tests run, and our errors, for what none may tell.

That is a name, phone, e-mail, secret or five words in a row of the packaged story, and the people
of the tests' own records. A test during which one is told fails, naming where and a hash of what:
the report of a failure must not tell it either.

Our own loggers are heard at DEBUG, whatever a test or a program sets, in this process and in each
that it starts (`hearing/sitecustomize.py`); of other libraries what they say below a warning is not
let through by the program, and is not read here.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import tempfile
from ast import literal_eval
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from connector.demo.story import load_story, packaged_story
from connector.settings import OURS
from tests.support.hearing import sitecustomize as hearing

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

MARKER: Final = "tells: says on purpose what no line may tell, to see that it is masked"

_HEARING: Final = str(Path(hearing.__file__).parent)
_PEOPLE: Final = ("Mara Lindqvist", "Daniel Osei", "Dana Reyes", "Ellen Park", "Bo Lind")
_SECRETS: Final = ("demo-client-secret",)
_ROW: Final = 5
"""Words of a message in a row that are no coincidence."""

_SHORTEST: Final = 5
"""Letters of a part of a name that is looked for by itself, written as a name is."""

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\+?\d[\d\s().-]{7,}\d")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PROOF = re.compile(r"rmbr_[0-9a-f]{12}_[\w-]{20,}|eyJ[\w-]{10,}\.[\w-]+\.[\w-]+")


class Words:
    """What no line may tell."""

    def __init__(self) -> None:
        story = load_story(packaged_story())
        people: tuple[Any, ...] = (*story.customers, *story.agents)
        names = [*_PEOPLE, *(one.name for one in people if one.name)]
        self._parts = {
            part
            for name in names
            for part in re.split(r"[\s-]", name)[1:]
            if len(part) >= _SHORTEST and part[0].isupper()
        }
        self._names = {tuple(_words(name)) for name in names if len(_words(name)) > 1}
        self._phones = {_digits(one.phone) for one in story.customers if one.phone} | {
            f"21255501{n:02}" for n in range(100)
        }
        self._mails = {one.email.casefold() for one in people if getattr(one, "email", None)}
        self._rows = {
            hash(row)
            for ticket in story.tickets
            for said in ticket.messages
            for text in (said.text, getattr(said.call, "transcript", None))
            for row in _rows(_words(text or ""), _ROW)
        }

    def told_in(self, text: str) -> Iterator[tuple[str, str]]:
        """What of it a text tells: of which kind, and the very words."""
        yield from (("name", one) for one in _WORD.findall(text) if one in self._parts)
        found = _words(text)
        for length in (2, 3):
            yield from (("name", " ".join(x)) for x in _rows(found, length) if x in self._names)
        yield from (("text", " ".join(x)) for x in _rows(found, _ROW) if hash(x) in self._rows)
        yield from (("phone", one) for one in _NUMBER.findall(text) if _digits(one) in self._phones)
        yield from (("e-mail", x) for x in _MAIL.findall(text) if x.casefold() in self._mails)
        yield from (("secret", one) for one in (*_PROOF.findall(text), *_in(text, _SECRETS)))


class _Heard:
    """What was told since it was last asked, without the words."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self.off = False

    def look(self, text: str, where: str) -> None:
        """Read a text that may tell nothing."""
        if self.off:
            return
        self._found += [
            f"{where} tells a {kind}: {hashlib.sha256(words.encode()).hexdigest()[:12]}"
            for kind, words in _known().told_in(text)
        ]

    def take(self) -> list[str]:
        """What was found."""
        found, self._found = list(dict.fromkeys(self._found)), []
        return found


class _Elsewhere:
    """What processes that this one started have written down since it was last asked."""

    def __init__(self) -> None:
        self._file: Path | None = None
        self._read = 0

    def listen(self, file: Path) -> None:
        """Let them write into a file from now on."""
        file.touch()
        self._file, self._read = file, 0

    def take(self) -> Iterator[tuple[str, str]]:
        """Where it was, and a text; what is half written is read the next time."""
        if self._file is None or self._file.stat().st_size == self._read:
            return
        with self._file.open("rb") as written:
            written.seek(self._read)
            whole = b"".join(written.read().rpartition(b"\n")[:2])
        self._read += len(whole)
        for line in whole.decode().splitlines():
            where, text = literal_eval(line)
            yield f"{where} of another process", text


_heard = _Heard()
_elsewhere = _Elsewhere()
look = _heard.look


@cache
def _known() -> Words:
    return Words()


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _rows(words: list[str], length: int) -> Iterable[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(length)), strict=False)


def _digits(phone: str) -> str:
    return "".join(one for one in phone if one.isdigit())[-10:]


def _in(text: str, known: Iterable[str]) -> Iterator[str]:
    return (one for one in known if one in text)


def listening() -> dict[str, str]:
    """What makes a process heard that is not given this one's environment."""
    return {"PYTHONPATH": _HEARING, hearing.HEARD_IN: os.environ[hearing.HEARD_IN]}


def pytest_configure(config: pytest.Config) -> None:
    """Listen to all loggers and errors of this process until its end."""
    config.addinivalue_line("markers", MARKER)
    hearing.hear(lambda where, text: look(text, where))


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop() -> Generator[None, Any, Any]:
    """Let the processes that tests start be heard, and theirs."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        file = Path(folder, "heard")
        _elsewhere.listen(file)
        patch.setenv(hearing.HEARD_IN, str(file))
        patch.setenv("PYTHONPATH", _HEARING, prepend=os.pathsep)
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """A test that tells on purpose says so."""
    _heard.off = item.get_closest_marker("tells") is not None
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Fail a test during which something was told, and read our loggers at DEBUG meanwhile."""
    for name in OURS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    result = yield
    _fail()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """The same, of what comes after it."""
    result = yield
    _fail()
    return result


def _fail() -> None:
    for where, text in _elsewhere.take():
        look(text, where)
    found = _heard.take()
    if found:
        pytest.fail("\n".join(found), pytrace=False)
