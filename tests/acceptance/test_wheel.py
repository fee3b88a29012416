"""The wheel, not the checkout, is what is installed: it holds what it needs and its demo runs."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.xdist_group("wheel"), pytest.mark.timeout(900), pytest.mark.slow]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without the network from what the checkout holds."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    [built] = folder.glob("remember_them-*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script `remember` of an environment that has the wheel; its libraries are borrowed."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    site = sysconfig.get_path("purelib", vars={"base": str(folder)})
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--quiet"]
    subprocess.run([*pip, "--no-index", str(wheel)], check=True, capture_output=True)
    # A folder on the path brings libraries; the links to a checkout that lie in it do not count.
    Path(site, "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "remember"


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


def test_the_demo_of_the_wheel_ends_with_three_briefs(installed: Path, tmp_path: Path) -> None:
    """In an empty folder, of the wheel's own code: three rings, three briefs, what to try next."""
    empty = tmp_path / "empty"
    empty.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("REMEMBER_", "PYTHON"))}
    environment = {**kept, "REMEMBER_HOME": str(tmp_path / "home")}
    python = installed.with_name("python")
    where = "import connector, memory; print(connector.__file__, memory.__file__)"
    found = subprocess.run(
        [python, "-c", where],
        cwd=empty,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(ROOT) + "/" not in found.stdout
    done = subprocess.run(
        [installed, "demo"],
        cwd=empty,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=800,
    )
    assert done.returncode == 0, done.stderr
    assert len(list(_lines(done.stdout, "The phone rings:"))) == 3
    for name in ("Mara Lindqvist", "Ellen Marchetti", "9 people share this number"):
        assert list(_lines(done.stdout, name)), name
    assert "What to try next" in done.stdout
    assert list(empty.iterdir()) == []
