"""What an analysis answers: values with their unit, side, region and the steps behind them."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insole.recording import Side


@dataclass(frozen=True)
class Step:
    """One stance of one foot.

    Attributes
    ----------
    side
        Which foot.
    start, stop
        Half-open ``[start, stop)`` rows of that foot's samples in the ``Walk``.
    start_s, stop_s
        Foot-on and foot-off in session seconds, interpolated between samples.
    clean
        False for a stance that is left out of the means.
    why
        Why it is left out: ``first``, ``last``, ``gap``, ``long``, ... ; empty if clean.
    """

    side: Side
    start: int
    stop: int
    start_s: float
    stop_s: float
    clean: bool = True
    why: str = ""


@dataclass(frozen=True)
class Value:
    """One number of a report. Names are those of ``docs/data-dictionary.md``.

    Attributes
    ----------
    name, value, unit
        The unit stands in the name as well; a bare count or ratio has unit ``1``.
    side
        None when the value is of both feet.
    region
        Region of the layout's mask; None for the whole foot.
    n_steps
        Steps behind it; None where steps play no part.
    variant
        Which definition, where several are in use.
    sd
        Standard deviation over those steps.
    """

    name: str
    value: float
    unit: str
    side: Side | None = None
    region: str | None = None
    n_steps: int | None = None
    variant: str | None = None
    sd: float | None = None


class Severity(StrEnum):
    """How much a finding asks for attention."""

    NOTE = "note"
    WATCH = "watch"
    FLAG = "flag"


@dataclass(frozen=True)
class Finding:
    """A cited threshold that values passed, worded as association.

    Attributes
    ----------
    code
        Stable short name of the rule.
    severity
        How much it asks for attention.
    text
        What was found, what it is associated with, what to consider.
    because
        Names of the values it stands on.
    source
        Citation of the threshold.
    evidence
        How strong the source is: ``strong``, ``moderate``, ``weak``, ``judgement``; empty if not said.
    """

    code: str
    severity: Severity
    text: str
    because: tuple[str, ...]
    source: str
    evidence: str = ""


@dataclass(frozen=True)
class Caveat:
    """Why a number is missing or less sure, in plain words.

    Attributes
    ----------
    code
        Stable short name, for programs.
    text
        One sentence for people.
    side
        Foot it concerns; None for both.
    """

    code: str
    text: str
    side: Side | None = None


@dataclass(frozen=True, eq=False)
class Report:
    """Everything an analysis answers about one recording."""

    recording: Mapping[str, Any]
    software: Mapping[str, Any]
    values: tuple[Value, ...]
    findings: tuple[Finding, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    steps: tuple[Step, ...] = field(default=())

    def get(
        self,
        name: str,
        *,
        side: Side | None = None,
        region: str | None = None,
        variant: str | None = None,
    ) -> Value | None:
        """The value of that name, side, region and variant; None when it was not measured."""
        for v in self.values:
            if (v.name, v.side, v.region) == (name, side, region) and variant in (None, v.variant):
                return v
        return None

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON types: the one form that command line, API and exports share.

        Raises
        ------
        ValueError
            If a value is not finite: an unmeasured value must be absent, with a caveat.
        """
        bad = [v.name for v in self.values if not math.isfinite(v.value)]
        if bad:
            raise ValueError(f"values that are not numbers must be absent: {', '.join(bad)}")
        return {
            "recording": dict(self.recording),
            "software": dict(self.software),
            "values": [asdict(v) for v in self.values],
            "findings": [asdict(f) for f in self.findings],
            "caveats": [asdict(c) for c in self.caveats],
            "steps": [asdict(s) for s in self.steps],
        }
