from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from insole.recording import About, Side
from insole.store.pieces import Piece, in_blocks, in_order
from tests.store.samples import CHANNELS, STARTED_AT, assert_same, both, chunk

if TYPE_CHECKING:
    from insole.store import Store

N = 60


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[tuple[Side, int, int]]]:
    """Appends of (side, first, stop) that cover samples 0 to N of both feet, shuffled, with some sent again."""
    runs = []
    for side in Side:
        cuts = sorted({0, N, *draw(st.lists(st.integers(1, N - 1), max_size=8))})
        runs += [(side, a, b) for a, b in pairwise(cuts)]
        again = draw(st.lists(st.tuples(st.integers(0, N - 1), st.integers(1, 20)), max_size=4))
        runs += [(side, a, min(N, a + n)) for a, n in again]
    runs = draw(st.permutations(runs))
    appends: list[list[tuple[Side, int, int]]] = [[]]
    for run in runs:
        if draw(st.booleans()):
            appends.append([])
        appends[-1].append(run)
    return appends


@settings(max_examples=25, deadline=None)
@given(appends=deliveries())
def test_any_delivery_gives_the_same_recording(shared_store: Store, appends: list[list[tuple[Side, int, int]]]) -> None:
    writer = shared_store.begin(STARTED_AT, About(), both(channels=CHANNELS))
    for runs in appends:
        writer.append([chunk(side, a, b - a, channels=CHANNELS) for side, a, b in runs])
    whole = shared_store.begin(STARTED_AT, About(), both(channels=CHANNELS))
    whole.append([chunk(side, 0, N, channels=CHANNELS) for side in Side])
    while_recording = shared_store.read(writer.id)
    window = shared_store.read(writer.id, start_s=5.13, stop_s=5.4)
    writer.seal()
    sealed = shared_store.read(writer.id)
    sealed_window = shared_store.read(writer.id, start_s=5.13, stop_s=5.4)
    expected = shared_store.read(whole.id)
    for side in Side:
        assert_same(while_recording.feet[side], expected.feet[side])
        assert_same(sealed.feet[side], expected.feet[side])
        assert_same(window.feet[side], sealed_window.feet[side])
    assert shared_store.info(writer.id).samples == dict.fromkeys(Side, N)


@given(
    spans=st.lists(st.tuples(st.integers(-30, 60), st.integers(1, 25)), min_size=1, max_size=12),
    size=st.integers(1, 15),
)
def test_blocks_are_the_ordered_whole_cut_in_pieces(spans: list[tuple[int, int]], size: int) -> None:
    # The values differ between pieces, so which of two duplicates stays is checked as well.
    pieces = [
        Piece(np.arange(a, a + n), np.arange(a, a + n) * 10, np.full((2, n), i, np.uint16))
        for i, (a, n) in enumerate(sorted(spans))
    ]
    whole = in_order(pieces)
    blocks = list(in_blocks(pieces, size=size))
    assert [len(b) for b in blocks[:-1]] == [size] * (len(blocks) - 1)
    assert 1 <= len(blocks[-1]) <= size
    assert (np.diff(whole.sample) > 0).all()
    assert set(whole.sample) == {i for a, n in spans for i in range(a, a + n)}
    assert np.array_equal(np.concatenate([b.sample for b in blocks]), whole.sample)
    assert np.array_equal(np.concatenate([b.values for b in blocks], axis=1), whole.values)


def test_blocks_come_while_pieces_still_arrive() -> None:
    """Memory is bounded: a block leaves as soon as the next piece begins after it."""
    taken = 0

    def pieces() -> list[Piece]:
        nonlocal taken
        for first in range(0, 1000, 10):
            taken += 1
            yield Piece(np.arange(first, first + 10), np.arange(first, first + 10), np.zeros((1, 10), np.uint16))

    next(iter(in_blocks(pieces(), size=50)))
    assert taken == 6
