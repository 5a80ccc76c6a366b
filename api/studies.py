"""Studies of recordings, kept while they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING

from analysis.recipe import ALGORITHM_VERSION, study
from insole.recording import Side

if TYPE_CHECKING:
    from analysis.recipe import Study
    from insole.store import Info, Store

KEPT = 4
"""Studies held at a time (our judgement: a page asks for one study about eight times in a row)."""

Key = tuple[object, ...]


class Studies:
    """A small cache of studies; safe to ask from several threads.

    A study is made once even when many ask at the same time: the others wait for it. A
    recording that still grows has a new key with every second, and one that got another
    calibration or another mass has a new key too, so none is ever stale.

    Parameters
    ----------
    store
        Where the recordings are.
    kept
        How many studies are held.
    """

    def __init__(self, store: Store, *, kept: int = KEPT) -> None:
        self._store = store
        self._kept = kept
        self._lock = Lock()
        self._found: OrderedDict[Key, Future[Study]] = OrderedDict()

    def get(self, info: Info) -> Study:
        """The study of a recording.

        Raises
        ------
        InsoleError
            If the recording cannot be read or analysed; the next call tries again.
        """
        calibrations = (info.calibration_ids.get(side) for side in Side)
        key = (info.id, ALGORITHM_VERSION, info.state, info.duration_s, info.about, *calibrations)
        with self._lock:
            future = self._found.get(key)
            mine = future is None
            if future is None:
                future = self._found[key] = Future()
                while len(self._found) > self._kept:
                    self._found.popitem(last=False)
            self._found.move_to_end(key)
        if mine:
            self._make(key, info.id, future)
        return future.result()

    def forget(self, recording_id: str) -> None:
        """Drop what is held of a recording."""
        with self._lock:
            for key in [key for key in self._found if key[0] == recording_id]:
                del self._found[key]

    def _make(self, key: Key, recording_id: str, future: Future[Study]) -> None:
        try:
            future.set_result(study(self._store.read(recording_id)))
        except BaseException as error:  # noqa: BLE001 (whoever asked gets it from the future)
            with self._lock:
                self._found.pop(key, None)
            future.set_exception(error)
