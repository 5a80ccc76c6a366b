"""How values are called and written for people. The names themselves are a contract; these are not."""

from __future__ import annotations

import math
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from insole.recording import Side

LABELS = {
    "force_mean_n": "Mean force",
    "force_max_n": "Largest force",
    "load_share_pct": "Share of load",
    "fore_load_share_pct": "Share of load, fore half",
    "rear_load_share_pct": "Share of load, rear half",
    "load_symmetry_index_pct": "Symmetry index of load",
    "load_symmetry_angle_pct": "Symmetry angle of load",
    "standing_time_s": "Quiet standing",
    "standing_asymmetry_pct_bw": "Standing asymmetry",
    "standing_load_share_pct": "Share of load, standing",
    "standing_fore_load_share_pct": "Share of load, standing, fore half",
    "standing_rear_load_share_pct": "Share of load, standing, rear half",
    "peak_pressure_kpa": "Peak pressure",
    "mean_peak_pressure_kpa": "Peak of mean pressure",
    "pressure_time_integral_kpas": "Pressure-time integral",
    "force_time_integral_ns": "Force-time integral",
    "contact_area_mm2": "Contact area",
    "contact_time_pct": "Contact time",
    "peak_force_n": "Peak force",
    "peak_force_pct_bw": "Peak force",
    "loading_rate_n_per_s": "Loading rate",
    "first_peak_n": "First force peak",
    "second_peak_n": "Second force peak",
    "midstance_trough_n": "Midstance trough",
    "steps_count": "Stances found",
    "steps_used_count": "Stances used",
    "steps_excluded_count": "Stances left out",
    "stance_time_s": "Stance time",
    "swing_time_s": "Swing time",
    "stride_time_s": "Stride time",
    "step_time_s": "Step time",
    "stance_pct": "Stance",
    "swing_pct": "Swing",
    "double_support_pct": "Double support",
    "single_support_pct": "Single support",
    "cadence_spm": "Cadence",
    "swing_time_asymmetry_pct": "Swing time asymmetry",
    "cop_x_mm": "Centre of pressure, medial",
    "cop_y_mm": "Centre of pressure, from heel",
    "cop_path_mm": "Centre of pressure, path",
    "cop_velocity_mm_per_s": "Centre of pressure, velocity",
    "cop_range_ml_mm": "Centre of pressure, range across",
    "cop_range_ap_mm": "Centre of pressure, range along",
    "gait_line_length_mm": "Gait line, length",
    "gait_line_asymmetry_pct": "Gait line, asymmetry",
    "sway_area_mm2": "Sway area",
    "sway_path_mm": "Sway path",
    "sway_velocity_mm_per_s": "Sway velocity",
    "sway_rms_ml_mm": "Sway across, RMS",
    "sway_rms_ap_mm": "Sway along, RMS",
    "arch_index": "Arch index",
    "cpei_pct": "Centre of pressure, excursion index",
    "midfoot_load_share_pct": "Share of load, midfoot",
    "wear_time_s": "Time recorded",
    "gap_time_s": "Time in gaps",
    "lost_packets_count": "Samples lost",
    "dead_sensors_count": "Sensors without signal",
    "drift_kpa_per_h": "Drift",
}

GROUPS = (
    ("Load", ("load_", "fore_", "rear_", "force_mean", "force_max", "standing_", "midfoot_")),
    ("Pressure", ("peak_pressure", "mean_peak", "pressure_", "contact_")),
    ("Force in stance", ("peak_force", "force_time", "loading_", "first_", "second_", "midstance_", "impulse_")),
    ("Timing", ("cadence", "st", "swing", "double", "single")),
    ("Centre of pressure", ("cop_", "gait_line", "sway_", "arch_", "cpei")),
    ("Quality of the recording", ("wear_", "gap_", "lost_", "dead_", "drift_")),
)
"""Headings of the table of values, and how the names under each begin."""

SYMMETRY_INDEX = (
    "200 \N{MULTIPLICATION SIGN} (right \N{MINUS SIGN} left) / (right + left), in %; "
    "above zero: more on the right (Robinson 1987)"
)

REGIONS = {
    "mth1": "1st metatarsal head",
    "mth2": "2nd metatarsal head",
    "mth3": "3rd metatarsal head",
    "mth4": "4th metatarsal head",
    "mth5": "5th metatarsal head",
    "mth2_3": "2nd and 3rd metatarsal heads",
    "mth2_5": "2nd to 5th metatarsal heads",
    "mth4_5": "4th and 5th metatarsal heads",
    "toes": "lesser toes",
}
"""Regions whose names are not words."""

_UNIT_ENDINGS = ("pct", "kpa", "kpas", "mm2", "mm", "ns", "n", "s", "count")


def label(name: str) -> str:
    """A value's name for people; names not listed lose their unit and their underscores."""
    if name in LABELS:
        return LABELS[name]
    words = name.split("_")
    while len(words) > 1 and words[-1] in _UNIT_ENDINGS:
        words.pop()
    return " ".join(words).capitalize()


def group(name: str) -> str:
    """The heading under which a value stands; ``Other`` where none fits."""
    if name in ("step_time_s", "steps_count", "steps_used_count", "steps_excluded_count"):
        return "Timing"
    return next((title for title, starts in GROUPS if name.startswith(starts)), "Other")


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


def unit(name: str) -> str:
    """A unit as it is written beside a number; a bare count or ratio has none."""
    return "" if name == "1" else name


def region(name: str | None) -> str:
    """A region's name for people; the whole foot where there is none."""
    if name is None:
        return "whole foot"
    return REGIONS.get(name, name.replace("_", " "))


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
    return " ".join(sentence(part) for part in [what, *(parts or ["nothing was measured"])])


def dated(moment: datetime) -> bool:
    """Whether a recording has a date: files without one are imported as of 1970-01-01."""
    return moment.timestamp() != 0


def sentence(text: str) -> str:
    """Text with a capital at its beginning and a full stop at its end."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def feet(sides: tuple[Side, ...] | list[Side]) -> str:
    """``both``, ``left only`` or ``right only``."""
    return "both" if len(sides) > 1 else f"{sides[0]} only" if sides else "none"
