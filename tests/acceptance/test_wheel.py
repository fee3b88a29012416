"""The wheel, not the checkout, is what is installed: it holds what it needs and its demo runs."""

from __future__ import annotations

import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.wheel import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.acceptance.wheel import Demonstrated

pytestmark = [
    pytest.mark.xdist_group("lumenline-zendesk"),
    pytest.mark.timeout(900),
    pytest.mark.slow,
]


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize(
    "wanted",
    [
        "connector/demo/stories/lumenline.json",
        "connector/py.typed",
        "memory/py.typed",
        "memory/remembering/heads/head.json",
        "memory/words/",
        "memory/record/migrations/versions/",
    ],
)
def test_the_wheel_holds_what_the_program_reads(wheel: Path, wanted: str) -> None:
    """Story, head, word lists, migrations and the marks that say it is typed."""
    names = _names(wheel)
    data = [name for name in names if name.startswith(wanted) and not name.endswith("__init__.py")]
    assert data


def test_every_file_that_is_no_code_is_in_the_wheel(wheel: Path) -> None:
    """What git tracks beside modules, but for what only makes the story and the head."""
    command = ["git", "ls-files", "connector", "memory"]
    tracked = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    making = ("connector/demo/writing/", "memory/remembering/training/")
    wanted = {one for one in tracked.stdout.split() if not one.startswith(making)}
    assert wanted <= _names(wheel)


def test_the_wheel_holds_nothing_that_only_makes_or_tests(wheel: Path) -> None:
    """No writing, no training, no tests."""
    tops = {name.partition("/")[0] for name in _names(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"connector", "memory"}
    assert not [name for name in _names(wheel) if "/writing/" in name or "/training/" in name]


def _lines(out: str, start: str) -> Iterator[str]:
    return (line for line in out.splitlines() if line.startswith(start))


def test_the_demo_of_the_wheel_ends_with_three_briefs(demonstrated_wheel: Demonstrated) -> None:
    """In an empty folder, of the wheel's own code: three rings, three briefs, what to try next."""
    assert str(ROOT) + "/" not in demonstrated_wheel.code
    assert len(list(_lines(demonstrated_wheel.told, "The phone rings:"))) == 3
    for name in ("Mara Lindqvist", "Ellen Marchetti", "9 people share this number"):
        assert list(_lines(demonstrated_wheel.told, name)), name
    assert "What to try next" in demonstrated_wheel.told
    assert list(demonstrated_wheel.began_in.iterdir()) == []


def test_the_demo_ends_with_a_page_where_a_ring_brings_the_brief(
    demonstrated_wheel: Demonstrated,
) -> None:
    """In the open page, without a reload; Ctrl-C ends it well."""
    assert "Mara Lindqvist" in demonstrated_wheel.page
    assert demonstrated_wheel.code_at_end == 0
