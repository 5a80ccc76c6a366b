"""How hard each step loads the foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.load import live_regions
from analysis.metric import Metric, mean_over
from analysis.symmetry import symmetry_index_pct
from insole.recording import Side
from insole.report import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.evidence import Evidence
    from insole.typing import F64


def measure(evidence: Evidence) -> Iterator[Value]:
    """Largest force of each clean step, of the foot and of its regions; in N, and in % of body weight."""
    means: dict[Side, float] = {}
    for side, foot in evidence.walk.feet.items():
        steps = evidence.clean[side]
        if not steps:
            continue
        whole = np.array([foot.force[s.start : s.stop].max() for s in steps])
        means[side] = float(whole.mean())
        if not foot.in_newtons:
            continue
        yield from _value(evidence, whole, side, None)
        regions = np.array([evidence.region_forces[side][s.start : s.stop].max(axis=0) for s in steps])
        for r, region in live_regions(foot):
            yield from _value(evidence, regions[:, r], side, region)
    if len(means) == 2 and evidence.loads_comparable:
        index = symmetry_index_pct(means[Side.LEFT], means[Side.RIGHT])
        if index is not None:
            yield Value("peak_force_symmetry_index_pct", index, "%", variant="robinson")


def _value(evidence: Evidence, peaks: F64, side: Side, region: str | None) -> Iterator[Value]:
    yield from mean_over("peak_force_n", "N", peaks, side, region)
    if evidence.weight_n is not None:
        yield from mean_over("peak_force_pct_bw", "%", 100 * peaks / evidence.weight_n, side, region)


METRIC = Metric(
    name="peak_force",
    title="How hard does each step load the foot?",
    units={"peak_force_n": "N", "peak_force_pct_bw": "%", "peak_force_symmetry_index_pct": "%"},
    measure=measure,
)
