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
    from insole.report import Step
    from insole.typing import F64


def measure(evidence: Evidence) -> Iterator[Value]:
    """Mean place, path, velocity and range of the centre of pressure, and the mean gait line's length.

    The velocity is the path over the time in which the centre is defined (after Buldt et al. 2018,
    J Foot Ankle Res 11:3). Between insoles of different layouts gait lines are not compared.
    """
    lengths: dict[Side, float] = {}
    for side in evidence.walk.feet:
        yield from _of_steps(evidence, side)
        lines = evidence.gait_lines[side]
        if len(lines):
            lengths[side] = path_length_mm(lines.mean(axis=0))
            yield Value("gait_line_length_mm", lengths[side], "mm", side=side, n_steps=len(lines))
    layouts = {foot.layout.name for foot in evidence.walk.feet.values()}
    if len(lengths) == 2 and len(layouts) == 1:
        index = symmetry_index_pct(lengths[Side.LEFT], lengths[Side.RIGHT])
        if index is not None:
            yield Value("gait_line_asymmetry_pct", index, "%", variant="robinson")


def _of_steps(evidence: Evidence, side: Side) -> Iterator[Value]:
    foot, cop = evidence.walk.feet[side], evidence.cop[side]
    paths = [(step, line) for step in evidence.clean[side] if len(line := cop_of(cop, step)) > 1]
    if not paths:
        return
    centre = np.array(
        [np.nansum(foot.moment[s.start : s.stop], axis=0) / np.nansum(foot.force[s.start : s.stop]) for s, _ in paths]
    )
    across, along = np.array([np.ptp(line, axis=0) for _, line in paths]).T
    length = np.array([path_length_mm(line) for _, line in paths])
    seconds = np.array([_span(cop, step) for step, _ in paths]) * foot.period_s
    wide = bool(np.ptp(foot.layout.xy_mm[:, 0]) > 0)  # sensors on one line say nothing of medial and lateral
    if wide:
        yield from mean_over("cop_x_mm", "mm", centre[:, 0], side)
        yield from mean_over("cop_range_ml_mm", "mm", across, side)
    yield from mean_over("cop_y_mm", "mm", centre[:, 1], side)
    yield from mean_over("cop_path_mm", "mm", length, side)
    yield from mean_over("cop_velocity_mm_per_s", "mm/s", length / seconds, side)
    yield from mean_over("cop_range_ap_mm", "mm", along, side)


def _span(cop: F64, step: Step) -> int:
    """Samples from the first to the last at which the centre is defined."""
    rows = np.flatnonzero(np.isfinite(cop[step.start : step.stop, 0]))
    return int(rows[-1] - rows[0])


METRIC = Metric(
    name="gait_line",
    title="Which way does the centre of pressure go?",
    units={
        "cop_x_mm": "mm",
        "cop_y_mm": "mm",
        "cop_path_mm": "mm",
        "cop_velocity_mm_per_s": "mm/s",
        "cop_range_ml_mm": "mm",
        "cop_range_ap_mm": "mm",
        "gait_line_length_mm": "mm",
        "gait_line_asymmetry_pct": "%",
    },
    measure=measure,
)
