"""Which way the centre of pressure goes during a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.cop import path_length_mm, step_paths
from analysis.metric import Metric, mean_over
from analysis.symmetry import symmetry_index_pct
from insole.recording import Side
from insole.report import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.evidence import Evidence


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
    foot = evidence.walk.feet[side]
    paths = step_paths(evidence.cop[side], evidence.clean[side])
    if not paths.rows.size:
        return
    held = np.column_stack([np.where(foot.valid, foot.force, 0.0), np.where(foot.valid[:, None], foot.moment, 0.0)])
    total = np.cumsum(np.vstack([np.zeros(3), held]), axis=0)
    force, *moment = (total[paths.rows[:, 1]] - total[paths.rows[:, 0]]).T
    across, along = paths.range_mm.T
    yield from mean_over("cop_y_mm", "mm", moment[1] / force, side)
    yield from mean_over("cop_path_mm", "mm", paths.length_mm, side)
    yield from mean_over("cop_velocity_mm_per_s", "mm/s", paths.length_mm / (paths.samples * foot.period_s), side)
    yield from mean_over("cop_range_ap_mm", "mm", along, side)
    if np.ptp(foot.layout.xy_mm[:, 0]) > 0:  # sensors on one line say nothing of medial and lateral
        yield from mean_over("cop_x_mm", "mm", moment[0] / force, side)
        yield from mean_over("cop_range_ml_mm", "mm", across, side)


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
