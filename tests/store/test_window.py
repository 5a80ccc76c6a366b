from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insole.errors import NotFoundError, StoreError
from insole.recording import About, ClockFit, Side
from insole.store import Store, codec
from insole.store.pieces import block_size
from tests.store.samples import STARTED_AT, both, chunk, recording, stream

if TYPE_CHECKING:
    from insole.recording import Recording

N = 15_000  # two and a half minutes
FIT = ClockFit(-5.0, 1.00005)


@pytest.fixture(scope="module")
def whole(shared_store: Store) -> Recording:
    writer = shared_store.begin(STARTED_AT, About(), both())
    gap = {Side.LEFT: range(0), Side.RIGHT: range(5000, 9000)}
    for side in Side:
        writer.append([chunk(side, i, 1000) for i in range(0, N, 1000) if i not in gap[side]])
        writer.set_clock(side, FIT)
    writer.seal()
    return shared_store.read(writer.id)


def _check(store: Store, whole: Recording, start_s: float | None, stop_s: float | None) -> None:
    part = store.read(whole.id, start_s=start_s, stop_s=stop_s)
    for side, foot in whole.feet.items():
        keep = np.ones(len(foot.time_s), bool)
        keep &= True if start_s is None else foot.time_s >= start_s
        keep &= True if stop_s is None else foot.time_s < stop_s
        assert np.array_equal(part.feet[side].sample, foot.sample[keep])
        assert np.array_equal(part.feet[side].time_s, foot.time_s[keep])
        assert np.array_equal(part.feet[side].values, foot.values[keep])


bounds = st.none() | st.floats(-10, 170)


@settings(max_examples=40, deadline=None)
@given(edges=st.tuples(bounds, bounds))
def test_a_window_is_a_slice_of_the_whole(
    shared_store: Store, whole: Recording, edges: tuple[float | None, float | None]
) -> None:
    start_s, stop_s = edges
    if start_s is not None and stop_s is not None and start_s > stop_s:
        start_s, stop_s = stop_s, start_s
    _check(shared_store, whole, start_s, stop_s)


@settings(max_examples=30, deadline=None)
@given(rows=st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)), past=st.sampled_from([-1, 0, 1]))
def test_a_window_is_half_open_to_the_last_bit(
    shared_store: Store, whole: Recording, rows: tuple[int, int], past: int
) -> None:
    """Edges on a sample's very time, and one float beside it; also at the seams of blocks."""
    edges = sorted(float(whole.feet[Side.LEFT].time_s[i]) for i in rows)
    toward = math.inf if past > 0 else -math.inf
    start_s, stop_s = (e if past == 0 else math.nextafter(e, toward) for e in edges)
    _check(shared_store, whole, start_s, stop_s)


@pytest.mark.parametrize("seam", [6000, 12000])
def test_a_window_across_a_seam_of_blocks(shared_store: Store, whole: Recording, seam: int) -> None:
    time_s = whole.feet[Side.LEFT].time_s
    _check(shared_store, whole, float(time_s[seam - 1]), float(time_s[seam + 1]))
    _check(shared_store, whole, float(time_s[seam]), float(time_s[seam]))


@pytest.mark.parametrize(
    ("start_s", "stop_s", "blocks"), [(10.0, 11.0, 2), (59.5, 60.5, 3), (None, None, 5), (500.0, 600.0, 0)]
)
def test_only_blocks_of_the_window_are_decoded(
    shared_store: Store,
    whole: Recording,
    monkeypatch: pytest.MonkeyPatch,
    start_s: float | None,
    stop_s: float | None,
    blocks: int,
) -> None:
    """Left: samples 0-59.99, 60-119.99, 120-150 s. Right, with 40 s missing: 0-99.99 s, 100-150 s."""
    decoded = []
    unpack = codec.unpack_values
    monkeypatch.setattr(codec, "unpack_values", lambda data, **k: decoded.append(1) or unpack(data, **k))
    shared_store.read(whole.id, start_s=start_s, stop_s=stop_s)
    assert len(decoded) == blocks


def test_lists_decode_nothing(shared_store: Store, whole: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "unpack_values", None)
    monkeypatch.setattr(codec, "checksum", None)
    info = shared_store.info(whole.id)
    assert whole.id in [i.id for i in shared_store.list()]
    assert info.duration_s == pytest.approx(whole.duration_s, abs=1e-9)
    assert info.samples == {Side.LEFT: N, Side.RIGHT: N - 4000}


def test_a_window_outside_keeps_the_feet(shared_store: Store, whole: Recording) -> None:
    part = shared_store.read(whole.id, start_s=1e9)
    assert [len(f.sample) for f in part.feet.values()] == [0, 0]
    assert part.feet[Side.LEFT].values.shape == (0, 4)
    assert part.feet[Side.LEFT].values.dtype == np.uint16
    assert shared_store.read(whole.id, stop_s=-math.inf).duration_s == 0


def test_an_impossible_window_is_refused(shared_store: Store, whole: Recording) -> None:
    with pytest.raises(StoreError, match="swap"):
        shared_store.read(whole.id, start_s=2, stop_s=1)
    with pytest.raises(StoreError, match="not a number"):
        shared_store.read(whole.id, start_s=math.nan)


def test_an_unknown_id_says_what_to_do(shared_store: Store) -> None:
    for call in (shared_store.read, shared_store.info, shared_store.recordings.delete):
        with pytest.raises(NotFoundError, match=r"'nope'.*list the recordings"):
            call("nope")


def test_blocks_hold_a_minute(store: Store) -> None:
    assert block_size(100.0) == 6000
    assert block_size(0.001) == 1
    assert store.read(store.add(recording(stream(Side.LEFT, 7)))).duration_s == pytest.approx(0.07)
