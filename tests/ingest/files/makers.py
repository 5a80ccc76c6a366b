"""Files of formats that no maker wrote: BIDS-Motion, and a CSV with its mapping. Small, with values known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from insole.recording import Side
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insole.recording import FootStream, Recording

BIDS_STEM = "sub-01_task-walk_tracksys-{side}insole_motion"
MAPPING = """\
[file]
missing = "NA"

[time]
column = "t"
unit = "ms"

[values]
unit = "N/cm2"

[layout]
name = "moticon-16:6"

[left]
sensors = "L{n}"
inertial.acc_x_g = "ax"

[right]
sensors = "R{n}"
"""


def moticon_with_events() -> bytes:
    """The Moticon example with a column of its maker's marks: two heel strikes, a toe-off and one unknown, left."""
    head, marks = 9, {60: "11", 90: "15", 110: "11", 111: "99"}
    lines = (ROOT / "fixtures" / "moticon_walk.txt").read_text("utf-8").splitlines()
    table = [f"{line}\t{'left steps[]' if i == head - 1 else marks.get(i, '')}" for i, line in enumerate(lines)]
    return ("\n".join(lines[: head - 1] + table[head - 1 :]) + "\n").encode()


def bids_channels(foot: FootStream) -> list[list[str]]:
    """Rows of a channels table: latency, sample, sensors, inertial channels."""
    side = f"{foot.side}_foot"
    rows = [["latency", "n/a", "LATENCY", "n/a", "s"], ["sample", "n/a", "MISC", "n/a", "n/a"]]
    rows += [[f"s{i:02}", "n/a", "MISC", side, str(foot.unit)] for i in range(1, foot.layout.n_sensors + 1)]
    kinds = {"acc": "ACCEL", "gyro": "GYRO", "quat": "ORNT", "mag": "MAGN"}
    return rows + [[c, c.split("_")[1], kinds[c.split("_")[0]], side, "n/a"] for c in foot.inertial_channels]


def bids_files(recording: Recording, layout: Any) -> dict[str, bytes]:
    """The three files of each foot, by name."""
    made = {}
    for side, foot in recording.feet.items():
        stem = BIDS_STEM.format(side=side)
        inertial = np.empty((len(foot.sample), 0)) if foot.inertial is None else foot.inertial
        lines = []
        for t, k, values, motion in zip(foot.time_s, foot.sample, foot.values, inertial, strict=True):
            numbers = [repr(float(t)), str(k), *(_cell(v) for v in values), *(_cell(v) for v in motion)]
            lines.append("\t".join(numbers) + "\n")
        own = {"Side": str(side), "Layout": layout, "StartTime": recording.started_at.isoformat()}
        meta = {"TaskName": "walk", "SamplingFrequency": foot.rate_hz, "PlantarPressure": own}
        head = ["name", "component", "type", "tracked_point", "units"]
        table = [head, *bids_channels(foot)]
        made[f"{stem}.tsv"] = "".join(lines).encode()
        made[f"{stem}.json"] = json.dumps(meta).encode()
        made[stem.removesuffix("motion") + "channels.tsv"] = "".join("\t".join(r) + "\n" for r in table).encode()
    return made


def _cell(value: Any) -> str:
    return "n/a" if np.isnan(value) else str(value)


def wide_csv(n: int = 40, *, delimiter: str = ",", decimal: str = ".", feet: Sequence[Side] = tuple(Side)) -> str:
    """A wide table for ``MAPPING``: times in ms, pressures in N/cm²; left sensor i is i / 4 and right i / 2."""
    names = ["t", "ax", "other"]
    for side in feet:
        names += [f"{side[0].upper()}{i}" for i in range(1, 17)]
    lines = [delimiter.join(names)]
    for k in range(n):
        cells = [str(10 * k), "0.5", "text"]
        for side in feet:
            cells += [str(i / (4 if side is Side.LEFT else 2)) for i in range(1, 17)]
        lines.append(delimiter.join(cells).replace(".", decimal))
    return "\n".join(lines) + "\n"
