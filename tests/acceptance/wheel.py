"""The wheel, built and installed in an environment of its own, and its demo."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Demonstrated:
    """What the demo of the wheel did.

    Attributes:
        home: The data folder it was told to use.
        began_in: The empty folder in which it was started.
        code: Where the code of both packages lies.
        told: What it printed.
    """

    home: Path
    began_in: Path
    code: str
    told: str


def built(folder: Path) -> Path:
    """The wheel, built without the network from what the checkout holds."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    [wheel] = folder.glob("remember_them-*.whl")
    return wheel


def installed(wheel: Path, folder: Path) -> Path:
    """The script `remember` of an environment that has the wheel; its libraries are borrowed."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    site = sysconfig.get_path("purelib", vars={"base": str(folder)})
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--quiet"]
    subprocess.run([*pip, "--no-index", str(wheel)], check=True, capture_output=True)
    # A folder on the path brings libraries; the links to a checkout that lie in it do not count.
    Path(site, "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "remember"


def demonstrated(remember: Path, folder: Path) -> Demonstrated:
    """Run `remember demo` in an empty folder, with nothing set but where the data go."""
    empty, home = folder / "empty", folder / "home"
    empty.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("REMEMBER_", "PYTHON"))}
    environment = {**kept, "REMEMBER_HOME": str(home)}

    def run(*command: str | Path) -> str:
        done = subprocess.run(
            command,
            cwd=empty,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=800,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = "import connector, memory; print(connector.__file__, memory.__file__)"
    code = run(remember.with_name("python"), "-c", where)
    return Demonstrated(home, empty, code, run(remember, "demo"))
