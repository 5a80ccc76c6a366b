"""The ring: what goes in comes out once, in order, cut at gaps; what does not fit is counted."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.buffer import Ring
from insole.recording import Chunk, Side


def chunk(first: int, n: int) -> Chunk:
    index = np.arange(first, first + n)
    samples = np.stack([index, index + 1], axis=1).astype(np.uint16)
    return Chunk(Side.LEFT, first, samples, index * 10_000, first * 0.01, moves(index))


def moves(index: np.ndarray) -> np.ndarray:
    return np.stack([index / 4, -index, index * 0], axis=1).astype(np.float32)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 30), st.booleans()), max_size=40),
    st.integers(1, 40),
)
def test_the_ring_is_a_queue_that_forgets_its_oldest(steps: list[tuple[int, int, bool]], capacity: int) -> None:
    ring = Ring(Side.LEFT, 2, capacity, channels=3)
    model: list[int] = []
    forgotten = at = 0
    for gap, n, take in steps:
        at += gap
        ring.push(chunk(at, n))
        model += range(at, at + n)
        at += n
        forgotten += max(0, len(model) - capacity)
        model = model[-capacity:]
        assert ring.waiting == len(model)
        assert ring.overruns == forgotten
        if take:
            out = ring.take()
            assert [i for c in out for i in range(c.first_sample, c.stop_sample)] == model
            assert all(b.first_sample > a.stop_sample for a, b in pairwise(out))
            for c in out:
                index = np.arange(c.first_sample, c.stop_sample)
                assert np.array_equal(c.samples, np.stack([index, index + 1], axis=1))
                assert np.array_equal(c.device_us, index * 10_000)
                assert np.array_equal(c.inertial, moves(index))
            model = []


def test_what_was_not_sent_is_missing_also_where_older_values_stood() -> None:
    ring = Ring(Side.LEFT, 2, 4, channels=3)
    ring.push(chunk(0, 4))
    ring.push(replace(chunk(4, 2), inertial=None))
    (taken,) = ring.take()
    assert np.array_equal(taken.inertial[:2], moves(np.arange(2, 4)))
    assert np.isnan(taken.inertial[2:]).all()


def test_a_foot_without_channels_has_no_inertial_values() -> None:
    ring = Ring(Side.LEFT, 2, 4)
    ring.push(replace(chunk(0, 4), inertial=None))
    assert ring.take()[0].inertial is None


def test_what_was_taken_is_not_touched_by_what_comes_later() -> None:
    ring = Ring(Side.LEFT, 2, 4, channels=3)
    ring.push(chunk(0, 4))
    (taken,) = ring.take()
    ring.push(chunk(100, 4))
    assert taken.samples[:, 0].tolist() == [0, 1, 2, 3]
    assert np.array_equal(taken.inertial, moves(np.arange(4)))
    assert taken.arrival_s == 0.0


def test_a_ring_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="capacity of 0"):
        Ring(Side.LEFT, 2, 0)


def test_a_ring_says_how_many_bytes_it_takes_and_never_takes_more() -> None:
    ring = Ring(Side.LEFT, 2, 4, channels=3)
    told = ring.nbytes
    assert told == 4 * (2 * 2 + 3 * 4 + 3 * 8)  # counts, channels, and number, device time and arrival
    for first in range(0, 40, 8):
        ring.push(chunk(first, 8))
    assert ring.nbytes == told
