"""ORPHE INSOLE samples: columns by name, packets that share a time, and gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from ingest.files import read
from insole.errors import FormatError
from insole.recording import Unit
from insole.side import Side
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from insole.recording import FootStream

LEFT, RIGHT = (ROOT / "fixtures" / f"orphe_sensor-{side}.csv" for side in Side)
START_S = 1_700_000_000.0


def walk(rows: np.ndarray, period_s: float = 0.005, packet: int = 4) -> str:
    """Lines of the samples ``rows``; all of a packet carry its first one's time."""
    lines = ["timestamp,accX,press1,press2,press3,press4,press5,press6,battery"]
    for k in rows:
        time_s = START_S + k // packet * packet * period_s
        lines.append(f"{time_s:.3f},0.5,{k % 90},2,3,4,5,6,99")
    return "\n".join(lines) + "\n"


def left_of(text: str, folder: Path) -> FootStream:
    (folder / "sensor-left.csv").write_text(text, "utf-8")
    return read(folder / "sensor-left.csv").feet[Side.LEFT]


def test_the_examples_are_a_pair(tmp_path: Path):
    both = read(LEFT, RIGHT)
    assert list(both.feet) == list(Side)
    printed = np.loadtxt(LEFT, delimiter=",", skiprows=1)
    foot = both.feet[Side.LEFT]
    np.testing.assert_array_equal(foot.values, printed[:, 11:17].astype(np.float32))
    assert foot.unit is Unit.N
    assert foot.inertial is not None
    np.testing.assert_array_equal(foot.inertial, printed[:, 1:11].astype(np.float32))
    assert foot.inertial_channels[:2] == ("acc_x_g", "acc_y_g")
    assert foot.inertial_channels[-1] == "quat_z"


@pytest.mark.parametrize("rate_hz", [50, 100, 200, 208])
def test_samples_of_a_packet_are_spread_over_it(rate_hz: int, tmp_path: Path):
    foot = left_of(walk(np.arange(800), period_s=1 / rate_hz), tmp_path)
    np.testing.assert_array_equal(foot.sample, np.arange(800))
    np.testing.assert_allclose(foot.time_s, np.arange(800) / rate_hz, atol=0.002)
    assert foot.rate_hz == pytest.approx(rate_hz, rel=0.06)
    np.testing.assert_array_equal(foot.values[:, 0], np.arange(800) % 90)


def test_lost_packets_are_a_gap(tmp_path: Path):
    rows = np.concatenate([np.arange(400), np.arange(440, 800)])
    foot = left_of(walk(rows), tmp_path)
    np.testing.assert_array_equal(foot.sample, rows)
    assert foot.missing_samples == 40


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        ((",2,3,4,5,6,99\n", ",2,x,4,5,6,99\n"), 2, "'x', not a number"),
        ((",2,3,4,5,6,99\n", ",2,,4,5,6,99\n"), 2, "not a force"),
        ((",2,3,4,5,6,99\n", ",2,99999,4,5,6,99\n"), 2, "not a force"),
        ((",0.5,", ",5e5,"), 2, "not an acceleration"),
        (("1700000000.000", "-1"), 2, "not a Unix time"),
    ],
)
def test_damage_is_refused_at_its_line(change: tuple[str, str], line: int, words: str, tmp_path: Path):
    text = walk(np.arange(100)).replace(*change, 1)
    with pytest.raises(FormatError, match=words) as e:
        left_of(text, tmp_path)
    assert e.value.line == line


def test_a_column_that_is_not_read_may_hold_anything(tmp_path: Path):
    assert len(left_of(walk(np.arange(100)).replace(",99\n", ",\n", 1), tmp_path).sample) == 100


def test_a_column_twice_is_refused(tmp_path: Path):
    with pytest.raises(FormatError, match="twice") as e:
        left_of(walk(np.arange(100)).replace("battery", "press6"), tmp_path)
    assert e.value.line == 1


def test_time_that_goes_back_is_refused(tmp_path: Path):
    lines = walk(np.arange(100)).splitlines(keepends=True)
    lines[40:44], lines[50:54] = lines[50:54], lines[40:44]
    with pytest.raises(FormatError, match="times do not rise") as e:
        left_of("".join(lines), tmp_path)
    assert e.value.line is not None
    assert 40 < e.value.line <= 55


def test_a_name_without_a_foot_is_refused(tmp_path: Path):
    (tmp_path / "sensor.csv").write_text(walk(np.arange(100)), "utf-8")
    with pytest.raises(FormatError, match="left or right"):
        read(tmp_path / "sensor.csv")
