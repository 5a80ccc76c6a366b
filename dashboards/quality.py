"""How far a recording's numbers can be trusted: a few checks, and the report's caveats in order of weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.metrics.step_counts import FEW_STEPS
from analysis.sensors import stuck_sensors
from analysis.uncertainty import rate_of
from dashboards.language import N_, _, ngettext
from dashboards.words import number, sentence, side_name
from insole.recording import Side, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.recipe import Study
    from analysis.walk import FootWalk
    from insole.report import Caveat, Report

TOUCHES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        N_("Pressures and forces"),
        ("uncalibrated", "dead_sensors", "saturated", "stuck_sensors", "swapped_sensors", "weight_mismatch"),
    ),
    (N_("Which samples there are"), ("empty_foot", "missing_foot", "gaps", "late_foot", "early_end", "no_common_time")),
    (N_("Steps"), ("no_steps", "no_clean_steps", "few_steps", "no_strides", "part_strides", "one_hump")),
    (
        N_("Zero and units"),
        ("zero_moved", "below_zero", "no_resting_level", "no_areas", "unlike_units", "coarse_timing", "no_load"),
    ),
)
"""What caveats touch, the most important first: they stand on the page. All others are behind a click
(our judgement: they say what was not measured, or how a number is to be read, not that it is off)."""


NOT_IN_LISTS = frozenset({"gaps", "few_steps", "no_steps", "part_strides"})
"""Codes that a list does not repeat: the checks of steps and gaps say the first three, and that a stride is cut off
at an end of the walk is so of every short walk, clean or not (our judgement)."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes
    ----------
    what, found
        What was looked at, and what was found, in words.
    well
        Whether nothing speaks against the numbers.
    """

    what: str
    found: str
    well: bool


@dataclass(frozen=True)
class Quality:
    """The box.

    Attributes
    ----------
    checks
        In the order in which they are shown.
    groups
        What is touched, and the caveats that say how; the most important first.
    rest
        The other caveats.
    """

    checks: tuple[Check, ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    rest: tuple[str, ...]

    @property
    def well(self) -> bool:
        """Whether nothing asks for attention: then one line is enough."""
        return all(check.well for check in self.checks) and not self.groups

    @property
    def line(self) -> str:
        """All of it in a line."""
        if self.well:
            return _("Nothing speaks against these numbers.")
        many = sum(not check.well for check in self.checks)
        if not many:
            return _("Read before use.")
        names = ", ".join(check.what for check in self.checks if not check.well)
        return ngettext("{n} thing to know: {names}.", "{n} things to know: {names}.", many).format(n=many, names=names)


def quality(study: Study) -> Quality:
    """Look at a recording's steps, samples, sensors, zero, clocks and calibration."""
    report, feet = study.report, study.walk.feet
    checks = [_steps(report), _gaps(report), _sensors(feet), _drift(report), _sync(report), _calibration(report)]
    rank = {code: (group, place) for group, (_t, codes) in enumerate(TOUCHES) for place, code in enumerate(codes)}
    if not any(_numbers(report, "steps_count").values()) and _stood(report):
        del rank["no_steps"]
    ranked = sorted((c for c in report.caveats if c.code in rank), key=lambda c: rank[c.code])
    groups = [(_(title), _texts(c for c in ranked if c.code in codes)) for title, codes in TOUCHES]
    return Quality(
        tuple(check for check in checks if check is not None),
        tuple((title, texts) for title, texts in groups if texts),
        _texts(c for c in report.caveats if c.code not in rank),
    )


@dataclass(frozen=True)
class Glance:
    """A recording's quality in a line of a list.

    Attributes
    ----------
    steps
        How many stances the means stand on.
    watch
        What asks for attention; empty where nothing does.
    """

    steps: str
    watch: tuple[str, ...]


def at_a_glance(report: Report) -> Glance:
    """What a report alone says of its quality; ``quality`` looks at the samples too."""
    steps = _steps(report)
    checks = [check for check in (steps, _gaps(report)) if check is not None and not check.well]
    touched = {c.code for c in report.caveats}
    groups = [_(title) for title, codes in TOUCHES if touched & (set(codes) - NOT_IN_LISTS)]
    return Glance(steps.found, tuple(dict.fromkeys([*(check.what for check in checks), *groups])))


def _texts(caveats: Iterator[Caveat]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentence(c.text) for c in caveats))


def _by_side(said: Mapping[Side, str]) -> str:
    """One text for both feet where they agree, else one for each."""
    if len(set(said.values())) == 1 and len(said) == 2:
        return next(iter(said.values()))
    return "; ".join(f"{side_name(side)}: {text}" for side, text in said.items())


def _numbers(report: Report, name: str) -> dict[Side, float]:
    found = {side: report.get(name, side=side) for side in Side}
    return {side: v.value for side, v in found.items() if v is not None}


def _steps(report: Report) -> Check:
    used, found = _numbers(report, "steps_used_count"), _numbers(report, "steps_count")
    said = {
        side: _("{used} of {found} used").format(used=f"{used[side]:.0f}", found=f"{n:.0f}")
        for side, n in found.items()
        if side in used
    }
    if not any(found.values()) and _stood(report):
        return Check(_("Stances"), _("none: quiet standing"), well=True)
    return Check(_("Stances"), _by_side(said) or _("none found"), bool(used) and min(used.values()) >= FEW_STEPS)


def _stood(report: Report) -> bool:
    standing = report.get("standing_time_s")
    return standing is not None and standing.value > 0


def _gaps(report: Report) -> Check | None:
    gaps, lost = _numbers(report, "gap_time_s"), _numbers(report, "lost_packets_count")
    if not gaps:
        return None
    said = {
        side: _("{time} s, {lost} samples lost").format(time=number(s, "s"), lost=f"{lost.get(side, 0):.0f}")
        if s > 0
        else _("none")
        for side, s in gaps.items()
    }
    return Check(_("Gaps"), _by_side(said), not any(gaps.values()))


def _sensors(feet: Mapping[Side, FootWalk]) -> Check | None:
    said = {side: _sensors_of(foot) for side, foot in feet.items()}
    if not said:
        return None
    return Check(
        _("Sensors"), _by_side({s: text or _("all measure") for s, text in said.items()}), not any(said.values())
    )


def _sensors_of(foot: FootWalk) -> str:
    dead, stuck, full = int(foot.dead.sum()), stuck_sensors(foot)[0].size, len(foot.saturated)
    texts = (
        (dead, ngettext("{n} without signal", "{n} without signal", dead)),
        (stuck, ngettext("{n} stuck", "{n} stuck", stuck)),
        (full, ngettext("{n} at the end of its range", "{n} at the end of their range", full)),
    )
    return ", ".join(text.format(n=n) for n, text in texts if n)


def _drift(report: Report) -> Check | None:
    drift = _numbers(report, "drift_kpa_per_h")
    moved = any(c.code in {"zero_moved", "below_zero"} for c in report.caveats)
    if drift:
        said = {side: f"{number(v, 'kPa/h')} kPa/h" for side, v in drift.items()}
        return Check(_("Drift of zero"), _by_side(said), not moved)
    if moved:
        return Check(_("Zero"), _("has moved"), well=False)
    if any(c.code == "not_zeroed" for c in report.caveats):
        return Check(_("Zero"), _("could not be checked"), well=True)
    return Check(_("Zero"), _("has not moved"), well=True) if report.recording.get("feet") else None


def _sync(report: Report) -> Check | None:
    """Well where the two clocks agree to within a sample (our judgement: no time is known finer)."""
    if len(report.recording.get("feet", {})) < 2:
        return None
    ms = report.recording.get("sync_uncertainty_ms")
    if ms is None:
        return Check(_("Left to right in time"), _("as the file gives it"), well=True)
    return Check(
        _("Left to right in time"),
        _("within {ms} ms").format(ms=number(ms, "ms")),
        ms <= 1000 / rate_of(report, None),
    )


def _calibration(report: Report) -> Check | None:
    feet: Mapping[str, Any] = report.recording.get("feet", {})
    if not feet:
        return None
    said = {Side(side): _calibrated(foot) for side, foot in feet.items()}
    well = all(foot["calibration"] or foot["unit"] != Unit.COUNTS for foot in feet.values())
    return Check(_("Calibration"), _by_side(said), well)


def _calibrated(foot: Mapping[str, Any]) -> str:
    of = foot["calibration"]
    if of is None:
        return (
            _("none")
            if foot["unit"] == Unit.COUNTS
            else _("none needed, the source gives {unit}").format(unit=foot["unit"])
        )
    named = _("{id} of {date}").format(id=of["id"], date=of["made_on"])
    error = of.get("fit_error_kpa")
    if error is None:
        return _("{named}, error unknown").format(named=named)
    return _("{named}, error {kpa} kPa").format(named=named, kpa=number(error, "kPa"))
