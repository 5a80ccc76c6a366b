"""What metrics measure on: a walk, its steps, and what follows from them, worked out once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from analysis.cop import cop_mm, gait_lines
from analysis.curves import stance_curves
from analysis.judging import judged
from analysis.levels import plausible_weight_n
from analysis.options import Options
from analysis.stances import stances_of
from analysis.standing import find_standing
from analysis.steps import contacts_of, steps_of, strides_of
from insole.recording import Side, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.contacts import Contact
    from analysis.curves import StanceCurves
    from analysis.stances import Stances
    from analysis.standing import Stretch
    from analysis.steps import Stride
    from analysis.walk import Walk
    from insole.layout import Mask
    from insole.report import Step
    from insole.typing import F64


LEAST_STEPS_OF_COUNTS = 3
"""Steps of a foot from which its uncalibrated counts are taken for a walk, not for noise (our judgement)."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """A walk, and lazily everything that more than one metric needs.

    Attributes
    ----------
    walk
        The prepared recording.
    options
        What the reader chose.
    """

    walk: Walk
    options: Options = field(default_factory=Options, kw_only=True)

    @cached_property
    def contacts(self) -> Mapping[Side, tuple[Contact, ...]]:
        """Every contact of each foot, complete or not."""
        return contacts_of(self.walk)

    @cached_property
    def reasons(self) -> Mapping[Side, tuple[str, ...]]:
        """Why each contact is left out of the means; empty for a clean one."""
        marks = self.options.marks
        return MappingProxyType({side: judged(contacts, marks=marks) for side, contacts in self.contacts.items()})

    @cached_property
    def steps(self) -> Mapping[Side, tuple[Step, ...]]:
        """Complete stances of each foot."""
        return MappingProxyType({s: steps_of(contacts, self.reasons[s]) for s, contacts in self.contacts.items()})

    @cached_property
    def clean(self) -> Mapping[Side, tuple[Step, ...]]:
        """The steps on which means stand."""
        return MappingProxyType({side: tuple(s for s in steps if s.clean) for side, steps in self.steps.items()})

    @cached_property
    def strides(self) -> Mapping[Side, tuple[Stride, ...]]:
        """Strides of each foot between successive clean stances."""
        return MappingProxyType({s: strides_of(contacts, self.reasons[s]) for s, contacts in self.contacts.items()})

    @cached_property
    def standing(self) -> tuple[Stretch, ...]:
        """Quiet standing: as marked, or found."""
        return find_standing(self.walk, marks=self.options.marks, steps=self.steps)

    @cached_property
    def cop(self) -> Mapping[Side, F64]:
        """``(n, 2)`` centre of pressure of each foot, in mm."""
        return MappingProxyType({side: cop_mm(foot) for side, foot in self.walk.feet.items()})

    @cached_property
    def gait_lines(self) -> Mapping[Side, F64]:
        """``(K, 101, 2)`` centre of pressure of each clean step, in mm."""
        return MappingProxyType(
            {s: gait_lines(foot, self.clean[s], cop=self.cop[s]) for s, foot in self.walk.feet.items()}
        )

    def mask(self, side: Side) -> Mask | None:
        """The division of this foot into regions: the one asked for, or its layout's first."""
        masks = self.walk.feet[side].layout.masks
        return next(iter(masks.values())) if self.options.mask is None else masks.get(self.options.mask)

    @cached_property
    def stances(self) -> Mapping[Side, Stances]:
        """What each clean stance holds, region by region; a foot without a clean step is not in it."""
        found = {s: stances_of(foot, self.clean[s], mask=self.mask(s)) for s, foot in self.walk.feet.items()}
        return MappingProxyType({side: stances for side, stances in found.items() if stances is not None})

    @cached_property
    def curves(self) -> Mapping[Side, StanceCurves]:
        """The force of each clean stance over time, on feet whose force is in N."""
        feet = {s: foot for s, foot in self.walk.feet.items() if foot.in_newtons and self.clean[s]}
        return MappingProxyType({s: stance_curves(foot, self.clean[s]) for s, foot in feet.items()})

    @cached_property
    def weight_n(self) -> float | None:
        """Body weight, if the mass is known and the forces agree with it."""
        return plausible_weight_n(self.walk)

    @cached_property
    def loads_comparable(self) -> bool:
        """Whether left and right loads can be set against each other.

        Two feet in the same unit; for uncalibrated counts also some steps of each, because only
        swing shows where such a sensor rests, and counts have no least range that is a step.
        """
        if not self.walk.comparable:
            return False
        calibrated = all(foot.unit is not Unit.COUNTS for foot in self.walk.feet.values())
        return calibrated or all(len(self.steps[side]) >= LEAST_STEPS_OF_COUNTS for side in Side)
