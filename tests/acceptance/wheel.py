"""The wheel, built and installed in an environment of its own, and its demo."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.support import log_scan
from tests.support.chromium import ARGUMENTS, find

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Demonstrated:
    """What the demo of the wheel did.

    Attributes:
        home: The data folder it was told to use.
        began_in: The empty folder in which it was started.
        code: Where the code of both packages lies.
        told: What it printed.
        page: What stood on the page it served, once its phone had rung.
        code_at_end: How it ended when it was told to.
    """

    home: Path
    began_in: Path
    code: str
    told: str
    page: str
    code_at_end: int


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
    """Run `remember demo` in an empty folder, with nothing set but where the data go.

    The page it ends with is opened in a browser, and left open until a brief has come by itself.
    """
    empty, home = folder / "empty", folder / "home"
    empty.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("REMEMBER_", "PYTHON"))}
    environment = {**kept, **log_scan.listening(), "REMEMBER_HOME": str(home)}
    where = "import connector, memory; print(connector.__file__, memory.__file__)"
    code = subprocess.run(
        [remember.with_name("python"), "-c", where],
        cwd=empty,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    demo = subprocess.Popen(
        [remember, "demo"],
        cwd=empty,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    told = []
    try:
        assert demo.stdout is not None
        for line in demo.stdout:
            told.append(line)
            if "#link=" in line:
                break
        assert told[-1:] == [line], "the demo ended early"
        page = _rung(told[-1].strip())
        demo.send_signal(signal.SIGINT)
        rest, errors = demo.communicate(timeout=60)
        log_scan.look(errors, "Standard error of the demo")
    finally:
        demo.kill()
    return Demonstrated(home, empty, code, "".join(told) + rest, page, demo.returncode)


def _rung(link: str) -> str:
    """What the page says once a ring has brought a brief, without a reload."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        page = browser.new_page()
        loads = []
        page.on("load", lambda _: loads.append(1))
        page.goto(link)
        brief = page.locator("remember-brief[state=one]")
        brief.wait_for(timeout=120_000)
        told: str = brief.evaluate("(brief) => brief.shadowRoot.textContent")
        assert len(loads) == 1
        browser.close()
    return told
