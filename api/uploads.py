"""Files that were sent and are not stored yet: understood, held for a while, then stored or forgotten."""

from __future__ import annotations

import errno
import secrets
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO

from ingest.files import understand
from insole.errors import ConflictError, NotFoundError, StoreFullError
from insole.store import AS_RECORDED

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.files import Understood
    from insole.store import Store, VisitDay

MOST_BYTES = 2 * 1024**3
"""Of one request (our judgement: hours of a 99-sensor pair as text)."""

VALID_FOR = timedelta(minutes=15)
"""How long a file is held (our judgement)."""

MOST_HELD = 16
"""Files held at a time; the oldest is forgotten (our judgement)."""


@dataclass(frozen=True)
class Held:
    """A file that was understood.

    Attributes
    ----------
    token
        By which it is stored or forgotten.
    folder
        Where it is; nobody else can look into it.
    name
        What it is called for its user.
    until
        When it is forgotten.
    """

    token: str
    folder: Path
    name: str
    until: datetime

    @property
    def path(self) -> Path:
        """The file. Its own name may be anything and is not used on the disk."""
        return self.folder / "file"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Uploads:
    """Holds what was sent until it is stored; safe to ask from several threads.

    Parameters
    ----------
    store
        Where recordings go.
    now
        Aware UTC time.
    most_bytes
        Of one request.
    """

    def __init__(self, store: Store, *, now: Callable[[], datetime] = _utc_now, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._store = store
        self._now = now
        self._lock = Lock()
        self._held: dict[str, Held] = {}

    def take(self, content: BinaryIO, name: str) -> tuple[Held, Understood]:
        """Copy a file, and read it.

        Raises
        ------
        FormatError
            If it is of no known format, or not wholly of its format; nothing is held then.
        StoreFullError
            If there is no room on the disk.
        """
        self._sweep()
        folder = Path(mkdtemp(prefix="insole-"))
        held = Held(secrets.token_urlsafe(16), folder, name, self._now() + VALID_FOR)
        try:
            _copy(content, held.path)
            understood = understand(held.path, name=name)
        except BaseException:
            _remove(held)
            raise
        with self._lock:
            self._held[held.token] = held
        self._sweep()
        return held, understood

    def store(self, token: str, *, visit_date: VisitDay = AS_RECORDED, **about: Any) -> str:
        """Store a file that was understood, and forget it; the recording's id.

        Parameters
        ----------
        visit_date
            As of ``Store.add``.
        about
            Fields of ``About`` to put in place of what the file says.

        Raises
        ------
        NotFoundError
            If nothing is held under that token.
        ConflictError
            If the same file is stored already; it is held on.
        InsoleError
            If what is said of it cannot be; it is held on.
        """
        held = self._pop(token)
        try:
            understood = understand(held.path, name=held.name)
            recording = understood.recording
            known = self._store.find_source(recording.about.source_sha256)
            if known is not None:
                raise ConflictError(f"{held.name} is in the store already, as recording {known}")
            recording = replace(recording, about=replace(recording.about, **about))
            stored = self._store.add(recording, visit_date=visit_date, marks=understood.marks)
        except BaseException:
            with self._lock:
                self._held[token] = held
            raise
        _remove(held)
        return stored

    def forget(self, token: str) -> None:
        """Remove a file that was sent.

        Raises
        ------
        NotFoundError
            If nothing is held under that token.
        """
        _remove(self._pop(token))

    def close(self) -> None:
        """Remove all."""
        with self._lock:
            all_of_them, self._held = [*self._held.values()], {}
        for held in all_of_them:
            _remove(held)

    def _pop(self, token: str) -> Held:
        self._sweep()
        with self._lock:
            held = self._held.pop(token, None)
        if held is None:
            minutes = VALID_FOR.total_seconds() / 60
            raise NotFoundError(f"this file is not here any more: it is held for {minutes:.0f} minutes; send it again")
        return held

    def _sweep(self) -> None:
        """Remove what is too old, and the oldest of too many."""
        now = self._now()
        with self._lock:
            by_age = sorted(self._held.values(), key=lambda held: held.until)
            gone = [held for k, held in enumerate(by_age) if held.until <= now or k < len(by_age) - MOST_HELD]
            for held in gone:
                del self._held[held.token]
        for held in gone:
            _remove(held)


def _copy(content: BinaryIO, path: Path) -> None:
    try:
        with path.open("wb") as file:
            shutil.copyfileobj(content, file, 1024 * 1024)
    except OSError as e:
        if e.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise StoreFullError("the disk is full; free some space and send the file again") from e


def _remove(held: Held) -> None:
    shutil.rmtree(held.folder, ignore_errors=True)
