"""How many steps there were, and on how many the means stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.judging import REASONS, step_meant
from analysis.levels import PLAUSIBLE_WEIGHT, measured_over_weight
from analysis.metric import Metric
from insole.records import MarkKind
from insole.report import Caveat, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.evidence import Evidence

FEW_STEPS = 12
"""Steps per foot from which in-shoe pressures are valid within 10 %: Arts MLJ, Bus SA (2011).
Twelve steps per foot are required for valid and reliable in-shoe plantar pressure data in
neuropathic diabetic patients wearing custom made footwear. Clin Biomech 26:880,
doi:10.1016/j.clinbiomech.2011.05.001."""


def measure(evidence: Evidence) -> Iterator[Value | Caveat]:
    """Complete stances of each foot, the clean ones among them, and the others by why they are left out."""
    for side, steps in evidence.steps.items():
        used = len(evidence.clean[side])
        yield Value("steps_count", len(steps), "1", side=side)
        yield Value("steps_used_count", used, "1", side=side)
        for why in REASONS:
            left_out = sum(s.why == why for s in steps)
            if left_out:
                yield Value("steps_excluded_count", left_out, "1", side=side, variant=why)
        if evidence.walk.feet[side].layout.platform:
            continue
        if not steps:
            text = f"{side} foot: no complete step was found, so there is no timing and nothing per step"
            yield Caveat("no_steps", text, side)
        elif not used:
            text = f"{side} foot: none of {len(steps)} steps is clear of starts, stops, turns and gaps"
            yield Caveat("no_clean_steps", text, side)
        elif used < FEW_STEPS:
            text = f"{side} foot: means stand on {used} steps; {FEW_STEPS} or more are advised (Arts & Bus 2011)"
            yield Caveat("few_steps", text, side)
    yield from _lost_marks(evidence)
    yield from _weight_caveat(evidence)


def _lost_marks(evidence: Evidence) -> Iterator[Caveat]:
    """Steps that a person marked where no foot was on the ground."""
    for mark in (m for m in evidence.options.marks if m.kind is MarkKind.STEP):
        contacts = () if mark.side is None else evidence.contacts.get(mark.side, ())
        if step_meant(contacts, mark) is None:
            text = (
                f"{mark.side} foot: a step from {mark.start_s:.2f} to {mark.stop_s:.2f} s was marked as not to be "
                "used, and there is none; look at the mark again"
            )
            yield Caveat("mark_without_step", text, mark.side)


def _weight_caveat(evidence: Evidence) -> Iterator[Caveat]:
    ratio = measured_over_weight(evidence.walk)
    if ratio is not None and evidence.weight_n is None and any(evidence.steps.values()):
        low, high = (round(100 * p) for p in PLAUSIBLE_WEIGHT)
        text = (
            f"mean force of both feet is {100 * ratio:.0f} % of body weight, outside {low} to {high} %: "
            "nothing is given in % of body weight, and foot-on and foot-off go by the range of force"
        )
        yield Caveat("weight_mismatch", text)


METRIC = Metric(
    name="step_counts",
    title="How many steps?",
    units={"steps_count": "1", "steps_used_count": "1", "steps_excluded_count": "1"},
    measure=measure,
)
