"""What reads every line of the tests finds what none may tell, and repeats none of it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from connector.demo.story import load_story, packaged_story
from connector.settings import OURS
from memory.errors import UsageError
from tests.support.hearing import sitecustomize as hearing
from tests.support.house import House
from tests.support.log_scan import Words, listening

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ("pytester",)

FILE = """
    import logging
    import pytest
    from memory.errors import UsageError

    pytest_plugins = ("tests.support.log_scan",)
    log = logging.getLogger("connector.x")
    TOLD = "brief of %s", "Mara Lindqvist"

    @pytest.fixture
    def late():
        yield
        log.debug(*TOLD)

    def test_message():
        log.debug(*TOLD)

    def test_later(late):
        pass

    def test_beside():
        log.info("brief", extra={"who": TOLD[1]})

    def test_exception():
        log.error("x", exc_info=ValueError(TOLD[1]))

    def test_another_library():
        logging.getLogger("urllib3").warning(*TOLD)

    def test_error():
        UsageError(TOLD[1])

    def test_metric():
        from prometheus_client import CollectorRegistry, Counter
        Counter("briefs", "How many.", ["of"], registry=CollectorRegistry()).labels(TOLD[1])

    @pytest.mark.tells
    def test_passes_where_it_says_so():
        log.debug(*TOLD)

    def test_passes_where_it_is_not_let_through():
        logging.getLogger("httpcore").debug(*TOLD)

    def test_passes_what_follows():
        log.debug("brief of zendesk:70101")
"""

ELSEWHERE = """
    import subprocess
    import sys
    import pytest

    pytest_plugins = ("tests.support.log_scan",)
    TOLD = "import logging; from memory.errors import UsageError; who = 'Mara Lindqvist';"

    def started(program, code=0):
        done = subprocess.run([sys.executable, "-c", TOLD + program], capture_output=True)
        assert (done.returncode, done.stdout) == (code, b"")
        return done.stderr.decode()

    def test_a_command():
        assert started("logging.getLogger('connector.x').debug('of %s', who)") == ""

    def test_its_error():
        assert started("UsageError('of nobody', who)") == ""

    def test_its_end():
        assert "Lindqvist" in started("raise ValueError(who)", 1)

    def test_another_library_of_it():
        assert "Lindqvist" in started("logging.getLogger('urllib3').warning(who)")

    def test_its_children():
        inner = TOLD + "logging.getLogger('memory.x').info(who)"
        program = f"subprocess.run([sys.executable, '-c', {inner!r}], check=True)"
        assert started(f"import subprocess, sys; {program}") == ""

    @pytest.fixture(scope="module")
    def running():
        program = TOLD + "input(); logging.getLogger('connector.y').info(who); print()"
        with subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as process:
            yield process

    def test_passes_as_long_as_nothing_is_told(running):
        assert running.poll() is None

    def test_one_that_was_running(running):
        running.stdin.write("x\\n")
        running.stdin.flush()
        assert running.stdout.readline()

    @pytest.mark.tells
    def test_passes_where_it_says_so():
        started("logging.getLogger('connector.x').error(who)")

    def test_passes_what_follows():
        started("logging.getLogger('connector.x').error('brief of zendesk:70101')")
"""


@pytest.fixture(scope="module")
def words() -> Words:
    """What no line may tell."""
    return Words()


def _kinds(words: Words, text: str) -> set[str]:
    return {kind for kind, _ in words.told_in(text)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("brief of Mara Lindqvist", "name"),
        ("brief of mara lindqvist asked", "name"),
        ("Mrs. Marchetti rang", "name"),
        ("rang from +1 (212) 555-0101 at 9", "phone"),
        ("caller=2125550101", "phone"),
        ("mail to Mara.Lindqvist@mail.example", "e-mail"),
        ("client_secret=demo-client-secret&x", "secret"),
        ("token rmbr_0123456789ab_abcdefghijklmnopqrstuvwxyz", "secret"),
        ("Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl", "secret"),
        ("cannot clean: My husband usually does this. Did this.", "text"),
    ],
)
def test_what_none_may_tell_is_found(words: Words, text: str, kind: str) -> None:
    """However it is written."""
    assert kind in _kinds(words, text)


@pytest.mark.parametrize(
    "text",
    [
        "request method=POST route=/v1/briefs status=200 ms=3.4",
        "2026-07-07 09:00:00 zendesk:70101 took 12 s",
        "The data folder is in use by `remember sync`, process 2125, since 2026-07-07 09:00:00Z.",
    ],
)
def test_what_may_be_told_is_not(words: Words, text: str) -> None:
    """Refs, routes, times and counts."""
    assert not _kinds(words, text)


def test_each_of_the_story_is_known(words: Words) -> None:
    """Every customer by name, and by phone and e-mail where they have one."""
    story = load_story(packaged_story())
    for one in story.customers:
        if one.name and " " in one.name and one.name != "Anonymous caller":
            assert "name" in _kinds(words, f"asked for {one.name}!")
        if one.email:
            assert "e-mail" in _kinds(words, f"<{one.email}>")


def _failures(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, file: str, **outcomes: int
) -> set[str]:
    """Where the tests of a file were heard to tell a name, which is not repeated."""
    monkeypatch.delenv(hearing.HEARD_IN)  # whoever reads it would hear what is told on purpose
    pytester.makepyfile(file)
    result = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:schemathesis", "-q")
    result.assert_outcomes(**outcomes)
    told = [line for line in result.outlines if " tells a name: " in line]
    assert not any("Lindqvist" in line for line in told)
    return {
        line.split(" tells ")[0].removeprefix("E").split("Failed: ")[-1].strip() for line in told
    }


def test_a_test_that_tells_fails(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In each way there is; the report names where, and repeats nothing."""
    assert _failures(pytester, monkeypatch, FILE, failed=6, passed=4, errors=1) == {
        "The logger connector.x",
        "The logger urllib3",
        "The error UsageError",
        "The metric briefs",
    }


def test_a_test_whose_command_tells_fails(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every process that it starts is heard as it is itself; of one that runs on, where it told."""
    assert _failures(pytester, monkeypatch, ELSEWHERE, failed=6, passed=3) == {
        "The logger connector.x of another process",
        "The logger connector.y of another process",
        "The logger memory.x of another process",
        "The logger urllib3 of another process",
        "The error UsageError of another process",
        "What nobody caught of another process",
    }


def test_a_command_prints_what_it_prints(tmp_path: Path) -> None:
    """It is heard at DEBUG, and says no more than the level that it has set lets through."""
    program = (
        "import logging;"
        "logging.basicConfig(level=logging.DEBUG, format='%(message)s');"
        "log = logging.getLogger('connector.x'); log.setLevel('WARNING');"
        "log.debug('not this'); log.warning('this'); logging.getLogger('other').info('and this')"
    )
    told = []
    for heard in (False, True):
        file = tmp_path / "heard"
        file.touch()
        around = {k: v for k, v in os.environ.items() if k != hearing.HEARD_IN}
        around |= {**listening(), hearing.HEARD_IN: str(file)} if heard else {}
        done = subprocess.run(
            [sys.executable, "-c", program], env=around, capture_output=True, text=True, check=True
        )
        told.append(done.stderr)
        assert ("not this" in file.read_text()) == heard
    assert told == ["this\nand this\n"] * 2


def test_the_installed_command_is_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the tests run it; here it is asked of a record that nobody has filled."""
    file = tmp_path / "heard"
    file.touch()
    monkeypatch.setenv(hearing.HEARD_IN, str(file))
    assert House(tmp_path / "home").run("brief", "--customer", "zendesk:1").code == 2
    assert "The error UsageError" in file.read_text()


def test_a_command_is_heard_for_next_to_nothing() -> None:
    """Python loads nothing for it that it had not loaded anyway, but what hears."""
    program = "import sys; print(*sorted(sys.modules))"
    around = {k: v for k, v in os.environ.items() if k not in listening()}
    loaded = [
        set(subprocess.check_output([sys.executable, "-c", program], env=one, text=True).split())
        for one in (around, around | listening())
    ]
    assert loaded[1] - loaded[0] <= {"sitecustomize", "__future__"}


def test_it_is_known_which_loggers_are_ours() -> None:
    """A process is not made to load the product for it."""
    assert hearing.OURS == OURS


def test_errors_are_made_as_ever() -> None:
    """That they are read changes nothing."""
    error = UsageError("One thing.", "Do another.")
    assert (error.detail, error.hint, str(error)) == ("One thing.", "Do another.", "One thing.")
