"""What the tests of exports share: recordings with values known, and an export in memory."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from insole.export import Choice, exporter, files_of, outgoing
from insole.layout import load_layout
from insole.recording import About, FootStream, Recording, Side, Unit, to_ticks_us

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from insole.records import Mark

PLAIN = Choice()


def foot(side: Side, values: np.ndarray, unit: Unit, layout: str = "gaitpdb-8", **given: Any) -> FootStream:
    n = len(values)
    given = {"sample": np.arange(n), "time_s": np.arange(n) / 100, "rate_hz": 100.0, **given}
    return FootStream(side=side, layout=load_layout(layout), values=values, unit=unit, **given)


def recording(*feet: FootStream, **about: Any) -> Recording:
    return Recording(
        id="", started_at=datetime(2025, 1, 1, tzinfo=UTC), feet={f.side: f for f in feet}, about=About(**about)
    )


def made(
    name: str, source: Recording, *, marks: Iterable[Mark] = (), choice: Choice = PLAIN, called: str = "walk"
) -> dict[str, bytes]:
    """The files of an export, by name."""
    files = files_of(exporter(name), [outgoing(source, marks=tuple(marks), called=called)], choice, index=False)
    return {file.name: b"".join(file.chunks()) for file in files}


def put(files: dict[str, bytes], folder: Path) -> None:
    """The files of an export, in a folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def rows_of(content: bytes) -> list[dict[str, str]]:
    """A table as text, row by row."""
    return list(csv.DictReader(io.StringIO(content.decode())))


def same(found: Recording, expected: Recording) -> None:
    """Every bit of both feet, and all that is known of them."""
    assert found.feet.keys() == expected.feet.keys()
    for side, theirs in expected.feet.items():
        mine = found.feet[side]
        assert mine.values.dtype == theirs.values.dtype
        np.testing.assert_array_equal(mine.values, theirs.values)
        np.testing.assert_array_equal(mine.sample, theirs.sample)
        np.testing.assert_array_equal(to_ticks_us(mine.time_s), to_ticks_us(theirs.time_s))  # as a store keeps them
        assert mine.inertial_channels == theirs.inertial_channels
        if theirs.inertial is not None:
            np.testing.assert_array_equal(mine.inertial, theirs.inertial)
        assert (mine.unit, mine.rate_hz, mine.saturation) == (theirs.unit, theirs.rate_hz, theirs.saturation)
        assert mine.layout.masks.keys() == theirs.layout.masks.keys()
        for key in ("xy_mm", "area_mm2", "outline_mm"):
            np.testing.assert_array_equal(getattr(mine.layout, key), getattr(theirs.layout, key))
        assert (mine.calibration and mine.calibration.id) == (theirs.calibration and theirs.calibration.id)
