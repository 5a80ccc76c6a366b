"""Studies of recordings, kept while they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from analysis.options import Options
from analysis.recipe import ALGORITHM_VERSION, analyse, study
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.recipe import Study
    from insole.report import Report
    from insole.store import Info, Store

KEPT = 4
"""Studies held at a time (our judgement: a page asks for one study about eight times in a row)."""

KEPT_REPORTS = 128
"""Reports held at a time: all of a subject's over years, for a trend (our judgement)."""

Key = tuple[object, ...]
T = TypeVar("T")


class Studies:
    """Small caches of studies and of reports; safe to ask from several threads.

    A recording that still grows has a new key with every second, and one that got another
    calibration, another mass, another subject or other marks has a new key too, so none is ever
    stale. Notes change no number and no key.

    Parameters
    ----------
    store
        Where the recordings are.
    kept, kept_reports
        How many are held.
    """

    def __init__(self, store: Store, *, kept: int = KEPT, kept_reports: int = KEPT_REPORTS) -> None:
        self._store = store
        self._studies: Once[Study] = Once(kept)
        self._reports: Once[Report] = Once(kept_reports)

    def get(self, info: Info, *, stance_width_mm: float | None = None) -> Study:
        """The study of a recording, with its marks.

        Parameters
        ----------
        stance_width_mm
            Distance between the feet's midlines in quiet standing, where someone states it.

        Raises
        ------
        InsoleError
            If the recording cannot be read or analysed; the next call tries again.
        """
        key, options = self._asked(info, stance_width_mm)
        return self._studies.get(key, lambda: study(self._store.read(info.id), options))

    def report(self, info: Info) -> Report:
        """Its report alone: for many recordings at a time, whose studies would not all be held.

        Raises
        ------
        InsoleError
            As ``get``.
        """
        key, options = self._asked(info)
        known = self._studies.peek(key)
        if known is not None:
            return known.report
        return self._reports.get(key, lambda: analyse(self._store.read(info.id), options))

    def forget(self, recording_id: str) -> None:
        """Drop what is held of a recording."""
        self._studies.forget(recording_id)
        self._reports.forget(recording_id)

    def _asked(self, info: Info, stance_width_mm: float | None = None) -> tuple[Key, Options]:
        marks = tuple(mark for mark in self._store.marks.list(info.id) if mark.changes_numbers)
        calibrations = (info.calibration_ids.get(side) for side in Side)
        key = (
            info.id,
            ALGORITHM_VERSION,
            info.state,
            info.duration_s,
            info.about,
            marks,
            *calibrations,
            stance_width_mm,
        )
        return key, Options(marks=marks, stance_width_mm=stance_width_mm)


class Once(Generic[T]):
    """What is made once even when many ask at the same time: the others wait for it.

    Parameters
    ----------
    kept
        How many are held; the least used goes first.
    """

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._lock = Lock()
        self._found: OrderedDict[Key, Future[T]] = OrderedDict()

    def get(self, key: Key, make: Callable[[], T]) -> T:
        """What is held under the key, or made now; an error is not held."""
        with self._lock:
            future = self._found.get(key)
            mine = future is None
            if future is None:
                future = self._found[key] = Future()
                while len(self._found) > self._kept:
                    self._found.popitem(last=False)
            self._found.move_to_end(key)
        if mine:
            self._make(key, make, future)
        return future.result()

    def peek(self, key: Key) -> T | None:
        """What is held under the key and made; None otherwise."""
        with self._lock:
            future = self._found.get(key)
        return future.result() if future is not None and future.done() and future.exception() is None else None

    def forget(self, first: object) -> None:
        """Drop what is held under keys that begin so."""
        with self._lock:
            for key in [key for key in self._found if key[0] == first]:
                del self._found[key]

    def _make(self, key: Key, make: Callable[[], T], future: Future[T]) -> None:
        try:
            future.set_result(make())
        except BaseException as error:  # noqa: BLE001 (whoever asked gets it from the future)
            with self._lock:
                self._found.pop(key, None)
            future.set_exception(error)
