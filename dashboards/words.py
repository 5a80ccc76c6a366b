"""How values are called and written for people. The names themselves are a contract; these are not."""

from __future__ import annotations

import math
from datetime import UTC
from typing import TYPE_CHECKING

from dashboards.language import N_, _
from insole.recording import Side

if TYPE_CHECKING:
    from datetime import datetime


LABELS = {
    "force_mean_n": N_("Mean force"),
    "force_max_n": N_("Largest force"),
    "load_share_pct": N_("Share of load"),
    "fore_load_share_pct": N_("Share of load, fore half"),
    "rear_load_share_pct": N_("Share of load, rear half"),
    "load_symmetry_index_pct": N_("Symmetry index of load"),
    "load_symmetry_angle_pct": N_("Symmetry angle of load"),
    "standing_time_s": N_("Quiet standing"),
    "standing_asymmetry_pct_bw": N_("Standing asymmetry"),
    "standing_load_share_pct": N_("Share of load, standing"),
    "standing_fore_load_share_pct": N_("Share of load, standing, fore half"),
    "standing_rear_load_share_pct": N_("Share of load, standing, rear half"),
    "peak_pressure_kpa": N_("Peak pressure"),
    "mean_peak_pressure_kpa": N_("Peak of mean pressure"),
    "pressure_time_integral_kpas": N_("Pressure-time integral"),
    "force_time_integral_ns": N_("Force-time integral"),
    "contact_area_mm2": N_("Contact area"),
    "contact_time_pct": N_("Contact time"),
    "peak_force_n": N_("Peak force"),
    "peak_force_pct_bw": N_("Peak force"),
    "loading_rate_n_per_s": N_("Loading rate"),
    "first_peak_n": N_("First force peak"),
    "second_peak_n": N_("Second force peak"),
    "midstance_trough_n": N_("Midstance trough"),
    "steps_count": N_("Stances found"),
    "steps_used_count": N_("Stances used"),
    "steps_excluded_count": N_("Stances left out"),
    "stance_time_s": N_("Stance time"),
    "swing_time_s": N_("Swing time"),
    "stride_time_s": N_("Stride time"),
    "step_time_s": N_("Step time"),
    "stride_time_cv_pct": N_("Variability of stride time (CV)"),
    "stance_time_cv_pct": N_("Variability of stance time (CV)"),
    "stance_pct": N_("Stance"),
    "swing_pct": N_("Swing"),
    "double_support_pct": N_("Double support"),
    "single_support_pct": N_("Single support"),
    "cadence_spm": N_("Cadence"),
    "stance_time_symmetry_index_pct": N_("Symmetry index of stance time"),
    "swing_time_symmetry_index_pct": N_("Symmetry index of swing time"),
    "peak_force_symmetry_index_pct": N_("Symmetry index of peak force"),
    "impulse_symmetry_index_pct": N_("Symmetry index of impulse"),
    "swing_time_asymmetry_pct": N_("Swing time asymmetry"),
    "cop_x_mm": N_("Centre of pressure, medial"),
    "cop_y_mm": N_("Centre of pressure, from heel"),
    "cop_path_mm": N_("Centre of pressure, path"),
    "cop_velocity_mm_per_s": N_("Centre of pressure, velocity"),
    "cop_range_ml_mm": N_("Centre of pressure, range across"),
    "cop_range_ap_mm": N_("Centre of pressure, range along"),
    "gait_line_length_mm": N_("Gait line, length"),
    "gait_line_asymmetry_pct": N_("Gait line, asymmetry"),
    "sway_area_mm2": N_("Sway area"),
    "sway_path_mm": N_("Sway path"),
    "sway_velocity_mm_per_s": N_("Sway velocity"),
    "sway_rms_ml_mm": N_("Sway across, RMS"),
    "sway_rms_ap_mm": N_("Sway along, RMS"),
    "arch_index": N_("Arch index"),
    "cpei_pct": N_("Centre of pressure, excursion index"),
    "midfoot_load_share_pct": N_("Share of load, midfoot"),
    "wear_time_s": N_("Time recorded"),
    "gap_time_s": N_("Time in gaps"),
    "lost_packets_count": N_("Samples lost"),
    "dead_sensors_count": N_("Sensors without signal"),
    "drift_kpa_per_h": N_("Drift"),
}

GROUPS = (
    (N_("Load"), ("load_", "fore_", "rear_", "force_mean", "force_max", "standing_", "midfoot_")),
    (N_("Pressure"), ("peak_pressure", "mean_peak", "pressure_", "contact_")),
    (N_("Force in stance"), ("peak_force", "force_time", "loading_", "first_", "second_", "midstance_", "impulse_")),
    (N_("Timing"), ("cadence", "st", "swing", "double", "single")),
    (N_("Centre of pressure"), ("cop_", "gait_line", "sway_", "arch_", "cpei")),
    (N_("Quality of the recording"), ("wear_", "gap_", "lost_", "dead_", "drift_")),
)
"""Headings of the table of values, and how the names under each begin."""

SYMMETRY_INDEX = N_(
    "200 \N{MULTIPLICATION SIGN} (right \N{MINUS SIGN} left) / (right + left), in %; "
    "above zero: more on the right (Robinson 1987)"
)

REGIONS = {
    "foot": N_("foot"),
    "heel": N_("heel"),
    "heel_medial": N_("medial heel"),
    "heel_lateral": N_("lateral heel"),
    "rearfoot": N_("rearfoot"),
    "midfoot": N_("midfoot"),
    "midfoot_medial": N_("medial midfoot"),
    "midfoot_lateral": N_("lateral midfoot"),
    "arch_medial": N_("medial arch"),
    "arch_lateral": N_("lateral arch"),
    "medial": N_("medial"),
    "lateral": N_("lateral"),
    "forefoot": N_("forefoot"),
    "hallux": N_("hallux"),
    "mth1": N_("1st metatarsal head"),
    "mth2": N_("2nd metatarsal head"),
    "mth3": N_("3rd metatarsal head"),
    "mth4": N_("4th metatarsal head"),
    "mth5": N_("5th metatarsal head"),
    "mth2_3": N_("2nd and 3rd metatarsal heads"),
    "mth2_5": N_("2nd to 5th metatarsal heads"),
    "mth4_5": N_("4th and 5th metatarsal heads"),
    "toes": N_("toes"),
}
"""Regions of the layouts and grids that come with the project."""

_UNIT_ENDINGS = ("pct", "kpa", "kpas", "mm2", "mm", "ns", "n", "s", "count")


def label(name: str) -> str:
    """A value's name for people; names not listed lose their unit and their underscores."""
    if name in LABELS:
        return _(LABELS[name])
    words = name.split("_")
    while len(words) > 1 and words[-1] in _UNIT_ENDINGS:
        words.pop()
    return " ".join(words).capitalize()


def group(name: str) -> str:
    """The heading under which a value stands, not yet translated; ``Other`` where none fits."""
    if name in ("step_time_s", "steps_count", "steps_used_count", "steps_excluded_count"):
        return "Timing"
    return next((title for title, starts in GROUPS if name.startswith(starts)), N_("Other"))


def side_name(side: Side) -> str:
    """A foot's name, with a capital."""
    return _("Left") if side is Side.LEFT else _("Right")


def foot_says(side: Side, text: str) -> str:
    """``Left foot: ...``: a finding of one foot."""
    foot = _("Left foot: {text}") if side is Side.LEFT else _("Right foot: {text}")
    return foot.format(text=text)


SEVERITIES = {"info": N_("For information"), "watch": N_("Watch"), "flag": N_("Look closer")}
"""How a finding's severity is said."""


def severity(name: str) -> str:
    """A finding's severity for people."""
    return _(SEVERITIES[name]) if name in SEVERITIES else name.capitalize()


def number(value: float | None, unit: str = "") -> str:
    """A number as precise as it is worth: about three digits, no more than two decimals.

    A true minus sign, thousands apart by a thin space; an en dash where there is none.
    """
    if value is None or not math.isfinite(value):
        return "\N{EN DASH}"
    whole = unit == "1" and float(value).is_integer()
    decimals = 0 if whole or abs(value) >= 100 else 1 if abs(value) >= 10 or unit == "%" else 2
    text = f"{value:,.{decimals}f}".replace(",", "\u2009")
    if text.strip("-0.") == "":
        text = text.removeprefix("-")
    return text.replace("-", "\N{MINUS SIGN}")


def signed(value: float | None, unit: str = "") -> str:
    """A difference: a number with its sign, zero without one."""
    text = number(value, unit)
    return f"+{text}" if value is not None and value > 0 and any(c in "123456789" for c in text) else text


def unit(name: str) -> str:
    """A unit as it is written beside a number; a bare count or ratio has none."""
    return "" if name == "1" else name


def region(name: str | None) -> str:
    """A region's name for people; the whole foot where there is none."""
    if name is None:
        return _("whole foot")
    return _(REGIONS[name]) if name in REGIONS else name.replace("_", " ")


def duration(seconds: float) -> str:
    """``8.4 s``, ``2 min 05 s``, ``11 h 59 min``."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def when(moment: datetime) -> str:
    """A time of day in UTC, to the minute; the page's script turns it into local time."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def findings(what: str, parts: list[str]) -> str:
    """A figure's text alternative: what it is of, then a sentence for each finding."""
    return " ".join(sentence(part) for part in [what, *(parts or [_("nothing was measured")])])


def dated(moment: datetime) -> bool:
    """Whether a recording has a date: files without one are imported as of 1970-01-01."""
    return moment.timestamp() != 0


def sentence(text: str) -> str:
    """Text with a capital at its beginning and a full stop at its end."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def whole(text: str) -> str:
    """Text whose lines do not break between a number and the sign of percent."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def feet(sides: tuple[Side, ...] | list[Side]) -> str:
    """``both``, ``left only`` or ``right only``."""
    if len(sides) == 1:
        return _("left only") if sides[0] is Side.LEFT else _("right only")
    return _("both") if sides else _("none")
