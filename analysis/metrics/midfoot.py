"""How much the middle of the foot bears."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.metric import Metric, mean_over

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.evidence import Evidence
    from insole.report import Value

MIDFOOT = ("midfoot", "arch")
"""How the regions of the middle third are called in the layouts' masks."""


def measure(evidence: Evidence) -> Iterator[Value]:
    """Midfoot force over the foot's force, as impulses of each clean step, in %; mean over steps.

    What an insole can say in place of the arch index. Shoe and orthosis fill the arch, so the
    arch index's limits do not apply to it.
    """
    for side, stances in evidence.stances.items():
        columns = [k for k, name in enumerate(stances.regions) if name is not None and name.startswith(MIDFOOT)]
        if not columns:
            continue
        impulse = stances.integral(stances.force)
        whole = np.where(impulse[:, 0] > 0, impulse[:, 0], np.nan)
        share = 100 * impulse[:, columns].sum(axis=1) / whole
        yield from mean_over("midfoot_load_share_pct", "%", share, side)


METRIC = Metric(
    name="midfoot",
    title="How much does the middle of the foot bear?",
    units={"midfoot_load_share_pct": "%"},
    measure=measure,
)
