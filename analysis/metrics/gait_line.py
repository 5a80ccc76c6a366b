"""Which way the centre of pressure goes during a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.cop import cop_of, path_length_mm
from analysis.metric import Metric, mean_over
from analysis.symmetry import symmetry_index_pct
from insole.recording import Side
from insole.report import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.evidence import Evidence


def measure(evidence: Evidence) -> Iterator[Value]:
    """Mean place, path and range of the centre of pressure, and the mean gait line's length."""
    lengths: dict[Side, float] = {}
    for side in evidence.walk.feet:
        yield from _of_steps(evidence, side)
        lines = evidence.gait_lines[side]
        if len(lines):
            lengths[side] = path_length_mm(lines.mean(axis=0))
            yield Value("gait_line_length_mm", lengths[side], "mm", side=side, n_steps=len(lines))
    if len(lengths) == 2:
        index = symmetry_index_pct(lengths[Side.LEFT], lengths[Side.RIGHT])
        if index is not None:
            yield Value("gait_line_asymmetry_pct", index, "%", variant="robinson")


def _of_steps(evidence: Evidence, side: Side) -> Iterator[Value]:
    foot, cop = evidence.walk.feet[side], evidence.cop[side]
    paths = [(step, line) for step in evidence.clean[side] if len(line := cop_of(cop, step)) > 1]
    if not paths:
        return
    centre = np.array(
        [foot.moment[s.start : s.stop].sum(axis=0) / foot.force[s.start : s.stop].sum() for s, _ in paths]
    )
    across, along = np.array([np.ptp(line, axis=0) for _, line in paths]).T
    yield from mean_over("cop_x_mm", "mm", centre[:, 0], side)
    yield from mean_over("cop_y_mm", "mm", centre[:, 1], side)
    yield from mean_over("cop_path_mm", "mm", [path_length_mm(line) for _, line in paths], side)
    yield from mean_over("cop_range_ml_mm", "mm", across, side)
    yield from mean_over("cop_range_ap_mm", "mm", along, side)


METRIC = Metric(
    name="gait_line",
    title="Which way does the centre of pressure go?",
    units={
        "cop_x_mm": "mm",
        "cop_y_mm": "mm",
        "cop_path_mm": "mm",
        "cop_range_ml_mm": "mm",
        "cop_range_ap_mm": "mm",
        "gait_line_length_mm": "mm",
        "gait_line_asymmetry_pct": "%",
    },
    measure=measure,
)
