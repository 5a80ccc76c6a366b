"""BIDS-Motion: the layout that docs/formats.md gives is read to the last bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from ingest.files import read
from insole.errors import FormatError
from insole.layout import layout_to_dict
from insole.side import Side
from tests.ingest.files.makers import BIDS_STEM, bids_files
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from insole.recording import Recording

ORPHE = ROOT / "fixtures" / "orphe_sensor-left.csv"
MOTICON = ROOT / "fixtures" / "moticon_walk.txt"
LEFT = BIDS_STEM.format(side="left")
CHANNELS = LEFT.removesuffix("motion") + "channels.tsv"


def written(folder: Path, recording: Recording, *, by_name: bool = False) -> list[Path]:
    layout = recording.feet[Side.LEFT].layout
    for name, content in bids_files(recording, layout.name if by_name else layout_to_dict(layout)).items():
        (folder / name).write_bytes(content)
    return [folder / f"{BIDS_STEM.format(side=side)}.tsv" for side in Side]


@pytest.mark.parametrize("by_name", [True, False])
@pytest.mark.parametrize("example", ["moticon_walk.txt", "gaitpdb_walk.txt", "stappone_walk.csv"])
def test_written_and_read_is_the_same_to_the_last_bit(example: str, by_name: bool, tmp_path: Path):
    ours = read(ROOT / "fixtures" / example)
    found = read(*written(tmp_path, ours, by_name=by_name))
    assert found.started_at == ours.started_at
    for side, foot in ours.feet.items():
        again = found.feet[side]
        np.testing.assert_array_equal(again.values, foot.values)
        np.testing.assert_array_equal(again.sample, foot.sample)
        np.testing.assert_array_equal(again.time_s, foot.time_s)
        assert (again.unit, again.rate_hz, again.values.dtype) == (foot.unit, foot.rate_hz, foot.values.dtype)
        np.testing.assert_array_equal(again.layout.xy_mm, foot.layout.xy_mm)
        assert again.inertial_channels == foot.inertial_channels
        if foot.inertial is not None:
            np.testing.assert_array_equal(again.inertial, foot.inertial)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (CHANNELS, "\tkPa", "\tPa", "not all there"),
        (CHANNELS, "s07", "s08", "not all there"),
        (CHANNELS, "tracked_point", "point", "does not name"),
        (f"{LEFT}.json", '"SamplingFrequency": 50.0', '"SamplingFrequency": "50"', "not a rate"),
        (f"{LEFT}.json", "{", "{{", "not JSON"),
        (f"{LEFT}.json", '"Side": "left"', '"Side": "both"', "give left or right"),
        (f"{LEFT}.json", '"Layout"', '"Lay"', "Layout is missing"),
        (f"{LEFT}.json", 'StartTime": "', 'StartTime": "x', "not a date and time"),
    ],
)
def test_what_contradicts_the_layout_is_refused_with_the_file(
    file: str, old: str, new: str, words: str, tmp_path: Path
):
    left, _ = written(tmp_path, read(MOTICON), by_name=True)
    text = (tmp_path / file).read_text("utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(FormatError, match=words) as e:
        read(left)
    assert e.value.path.name == file


def test_a_file_without_its_channels_is_refused(tmp_path: Path):
    left, _ = written(tmp_path, read(MOTICON))
    (tmp_path / CHANNELS).unlink()
    with pytest.raises(FormatError, match="is not beside it"):
        read(left)


def test_inertial_units_are_converted(tmp_path: Path):
    ours = read(ORPHE)
    files = bids_files(ours, ours.feet[Side.LEFT].layout.name)
    rows = [line.split("\t") for line in files[CHANNELS].decode().splitlines()]
    for row in rows:
        if row[2] == "ACCEL":
            row[0], row[4] = f"any {row[1]}", "m/s^2"
    files[CHANNELS] = "".join("\t".join(row) + "\n" for row in rows).encode()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    found, foot = read(tmp_path / f"{LEFT}.tsv").feet[Side.LEFT], ours.feet[Side.LEFT]
    assert found.inertial is not None
    assert foot.inertial is not None
    assert foot.inertial[:, 2].any()
    ours_g, theirs_g = (f.inertial[:, f.inertial_channels.index("acc_z_g")] for f in (foot, found))
    np.testing.assert_allclose(theirs_g, ours_g / 9.80665, rtol=1e-6)
