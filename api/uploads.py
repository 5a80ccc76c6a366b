"""Files that were sent and are not stored yet: understood, held for a while, then stored or forgotten."""

from __future__ import annotations

import errno
import secrets
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path, PureWindowsPath
from tempfile import mkdtemp
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO

from ingest.files import grouped, understand
from insole.errors import ConflictError, FormatError, NotFoundError, StoreFullError
from insole.store import AS_RECORDED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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
    """What was understood: a file, or two of one walk.

    Attributes
    ----------
    token
        By which it is stored or forgotten.
    paths
        Where it is, each file in a folder that nobody else can look into. A file's own name may be
        anything and is not used on the disk.
    names
        What each is called for its user.
    one_foot
        Whether it is of a format that holds one foot.
    until
        When it is forgotten.
    """

    token: str
    paths: tuple[Path, ...]
    names: tuple[str, ...]
    one_foot: bool
    until: datetime


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
        path = Path(mkdtemp(prefix="insole-")) / "file"
        try:
            _copy(content, path)
            understood = understand(path, name=name)
        except BaseException:
            _remove(path)
            raise
        return self._hold((path,), (name,), understood), understood

    def join(self, tokens: Iterable[str]) -> list[tuple[tuple[str, str], Held, Understood]]:
        """Make one of each two files of a left and a right foot whose names differ by the foot alone.

        Two that are not of one walk stay as they are.

        Returns
        -------
        Of each pair: the tokens that it had, which are not valid any more; what is held now; and what
        was understood of it.

        Raises
        ------
        NotFoundError
            If nothing is held under one of the tokens.
        """
        held = [self._get(token) for token in tokens]
        by_name = {Path(PureWindowsPath(one.names[0]).name): one for one in held if one.one_foot}
        joined = []
        for paths in grouped(by_name, lambda _: True):
            if len(paths) == 1:
                continue
            left, right = (by_name[path] for path in paths)
            try:
                understood = understand(*left.paths, *right.paths, name=(*left.names, *right.names))
            except FormatError:
                continue
            both = self._hold((*left.paths, *right.paths), (*left.names, *right.names), understood)
            with self._lock:
                for one in (left, right):
                    self._held.pop(one.token, None)
            joined.append(((left.token, right.token), both, understood))
        return joined

    def _hold(self, paths: tuple[Path, ...], names: tuple[str, ...], understood: Understood) -> Held:
        one_foot = understood.format.one_foot and len(paths) == 1
        held = Held(secrets.token_urlsafe(16), paths, names, one_foot, self._now() + VALID_FOR)
        with self._lock:
            self._held[held.token] = held
        self._sweep()
        return held

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
            understood = understand(*held.paths, name=held.names)
            recording = understood.recording
            known = self._store.find_source(recording.about.source_sha256)
            if known is not None:
                raise ConflictError(f"{' + '.join(held.names)} is in the store already, as recording {known}")
            recording = replace(recording, about=replace(recording.about, **about))
            stored = self._store.add(recording, visit_date=visit_date, marks=understood.marks)
        except BaseException:
            with self._lock:
                self._held[token] = held
            raise
        _remove(*held.paths)
        return stored

    def forget(self, token: str) -> None:
        """Remove a file that was sent.

        Raises
        ------
        NotFoundError
            If nothing is held under that token.
        """
        _remove(*self._pop(token).paths)

    def close(self) -> None:
        """Remove all."""
        with self._lock:
            all_of_them, self._held = [*self._held.values()], {}
        for held in all_of_them:
            _remove(*held.paths)

    def _pop(self, token: str) -> Held:
        self._sweep()
        with self._lock:
            return _there(self._held.pop(token, None))

    def _get(self, token: str) -> Held:
        self._sweep()
        with self._lock:
            return _there(self._held.get(token))

    def _sweep(self) -> None:
        """Remove what is too old, and the oldest of too many."""
        now = self._now()
        with self._lock:
            by_age = sorted(self._held.values(), key=lambda held: held.until)
            gone = [held for k, held in enumerate(by_age) if held.until <= now or k < len(by_age) - MOST_HELD]
            for held in gone:
                del self._held[held.token]
        for held in gone:
            _remove(*held.paths)


def _there(held: Held | None) -> Held:
    if held is None:
        minutes = VALID_FOR.total_seconds() / 60
        raise NotFoundError(f"this file is not here any more: it is held for {minutes:.0f} minutes; send it again")
    return held


def _copy(content: BinaryIO, path: Path) -> None:
    try:
        with path.open("wb") as file:
            shutil.copyfileobj(content, file, 1024 * 1024)
    except OSError as e:
        if e.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise StoreFullError("the disk is full; free some space and send the file again") from e


def _remove(*paths: Path) -> None:
    for path in paths:
        shutil.rmtree(path.parent, ignore_errors=True)
