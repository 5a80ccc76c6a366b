"""How hard each step loads the foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.metric import Metric, over_regions
from analysis.perstep import force_time_integral, peak_force
from analysis.symmetry import symmetry_index_pct
from insole.recording import Side
from insole.report import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.evidence import Evidence


def measure(evidence: Evidence) -> Iterator[Value]:
    """Largest force and impulse of each clean step, of the foot and of its regions; mean over steps.

    Forces in N, and in % of body weight where the mass is known and the forces agree with it.
    The impulse (force-time integral) is trapezoidal from the first to the last sample of the
    stance; what lies between these and the interpolated events is left out (under 0.5 % at 100 Hz).
    """
    peaks, impulses = {}, {}
    for side, stances in evidence.stances.items():
        peak, impulse = peak_force(stances), force_time_integral(stances)
        peaks[side], impulses[side] = float(peak[:, 0].mean()), float(impulse[:, 0].mean())
        if evidence.walk.feet[side].in_newtons:
            yield from over_regions("peak_force_n", "N", peak, stances, side)
            yield from over_regions("force_time_integral_ns", "N·s", impulse, stances, side)
            if evidence.weight_n is not None:
                percent = 100 * peak / evidence.weight_n
                yield from over_regions("peak_force_pct_bw", "%", percent, stances, side)
    if len(peaks) == 2 and evidence.loads_comparable:
        for name, means in (("peak_force", peaks), ("impulse", impulses)):
            index = symmetry_index_pct(means[Side.LEFT], means[Side.RIGHT])
            if index is not None:
                yield Value(f"{name}_symmetry_index_pct", index, "%", variant="robinson")


METRIC = Metric(
    name="peak_force",
    title="How hard does each step load the foot?",
    units={
        "peak_force_n": "N",
        "peak_force_pct_bw": "%",
        "force_time_integral_ns": "N·s",
        "peak_force_symmetry_index_pct": "%",
        "impulse_symmetry_index_pct": "%",
    },
    measure=measure,
)
