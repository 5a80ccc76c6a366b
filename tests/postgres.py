"""A PostgreSQL server of the tests' own, where the programs are installed: no network, no root, gone afterwards."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterator

USERS = ("postgres", "nobody")
"""Whom the server runs as where the tests run as root, which it refuses."""

WAIT_S = 60
"""A server that does not answer for so long has a reason that its log says."""


def programs() -> Path | None:
    """The folder of ``initdb`` and ``postgres``, the newest that is installed; None where there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    found = shutil.which("postgres")
    folders = [*debian, *([Path(found).parent] if found else [])]
    return next((f for f in reversed(folders) if (f / "initdb").exists() and (f / "postgres").exists()), None)


class Server:
    """A server in a folder of its own, reached by a socket there.

    Parameters
    ----------
    durable
        Whether a commit waits for the disk; only tests of crashes need that.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._bin = programs()
        self.folder = Path(tempfile.mkdtemp(prefix="insole-pg-"))
        self._durable = durable
        self._who: dict[str, Any] = {}
        if os.getuid() == 0:
            user = next(entry for name in USERS if (entry := _user(name)))
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        made = self._run("initdb", "-D", self.folder / "data", "-U", "insole", "-A", "trust", "-N", "-E", "UTF8")
        assert made.returncode == 0, made.stderr
        self.start()

    def start(self) -> None:
        """Start it, also after it was killed; returns once it answers."""
        settings = ["listen_addresses=", f"unix_socket_directories={self.folder}", "max_connections=60"]
        if not self._durable:
            settings += ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
        command = [*self._command("postgres", "-D", self.folder / "data"), *(f"-c{s}" for s in settings)]
        give_up = time.monotonic() + WAIT_S
        while True:
            with (self.folder / "log").open("ab") as log:
                self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, **self._who)
            while self._process.poll() is None and time.monotonic() < give_up:
                if self._answers():
                    return
                time.sleep(0.02)
            # Processes of a server that was killed are still ending; it refuses to start beside them.
            assert time.monotonic() < give_up, (self.folder / "log").read_text()
            time.sleep(0.1)

    def kill(self) -> None:
        """As a power cut does, as far as a program can see; its other processes end by themselves."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def restart(self) -> None:
        """As after an update: who is connected is thrown out."""
        self._end()
        self.start()

    def stop(self) -> None:
        """Stop it and remove all that it wrote."""
        self._end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """Of one of its databases."""
        return f"postgresql+psycopg://insole@/{database}?host={self.folder}"

    @contextmanager
    def database(self, *, like: str | None = None) -> Iterator[str]:
        """The URL of a new database, empty or as another is; dropped afterwards."""
        name = f"insole_{secrets.token_hex(6)}"
        template = "" if like is None else f" TEMPLATE {like}"
        self.execute(f"CREATE DATABASE {name}{template}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """A statement on the server, outside of a transaction."""
        engine = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.text(statement))
        engine.dispose()

    def _end(self) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGINT)  # "fast"
        self._process.wait(WAIT_S)

    def _answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except sa.exc.OperationalError:
            return False
        return True

    def _run(self, *command: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._command(*command), check=False, capture_output=True, text=True, cwd=self.folder, **self._who
        )

    def _command(self, name: str, *arguments: Any) -> list[str]:
        assert self._bin is not None
        return [str(self._bin / name), *map(str, arguments)]


def _user(name: str) -> pwd.struct_passwd | None:
    with suppress(KeyError):
        return pwd.getpwnam(name)
    return None
