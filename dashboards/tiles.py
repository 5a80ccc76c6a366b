"""The few numbers that a recording's page shows large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.language import _
from dashboards.words import SYMMETRY_INDEX, number
from insole.recording import Side

if TYPE_CHECKING:
    from insole.report import Report


@dataclass(frozen=True)
class Tile:
    """A number (or one for each foot) with its name, unit and meaning.

    Attributes
    ----------
    title, unit, note
        Name, unit as written, and what it is in a few words.
    both
        The number of both feet; empty when ``left`` and ``right`` are used.
    left, right
        The numbers of the feet, as written.
    share_left
        0 to 100 for the bar of the load's share; None where there is no bar.
    """

    title: str
    unit: str
    note: str
    both: str = ""
    left: str = ""
    right: str = ""
    share_left: float | None = None


def tiles(report: Report) -> tuple[Tile, ...]:
    """The tiles of a report; a number that was not measured is a dash."""
    share = report.get("load_share_pct", side=Side.LEFT)
    return (
        _feet(report, "load_share_pct", _("Share of load"), "%", _("of both feet's mean force"), decimals=1)
        if share is None
        else Tile(
            _("Share of load"),
            "%",
            _("of both feet's mean force"),
            left=_one(report, "load_share_pct", Side.LEFT, 1),
            right=_one(report, "load_share_pct", Side.RIGHT, 1),
            share_left=share.value,
        ),
        Tile(_("Symmetry index"), "%", _(SYMMETRY_INDEX), both=_signed(report, "load_symmetry_index_pct")),
        _feet(report, "stance_pct", _("Stance"), _("% of stride"), _("from foot-on to foot-off"), decimals=1),
        Tile(_("Cadence"), _("steps/min"), _("120 / median stride time"), both=_one(report, "cadence_spm", None, 1)),
        _feet(report, "peak_pressure_kpa", _("Peak pressure"), "kPa", _("highest sensor, mean over stances used")),
        _used(report),
    )


def _feet(report: Report, name: str, title: str, unit: str, note: str, *, decimals: int = 0) -> Tile:
    left, right = (_one(report, name, side, decimals) for side in Side)
    return Tile(title, unit, note, left=left, right=right)


def _one(report: Report, name: str, side: Side | None, decimals: int) -> str:
    value = report.get(name, side=side)
    return number(None) if value is None else f"{value.value:.{decimals}f}"


def _signed(report: Report, name: str) -> str:
    value = report.get(name)
    if value is None:
        return number(None)
    shown = round(value.value, 1) or 0.0  # never a signed zero
    return f"{shown:+.1f}".replace("-", "\N{MINUS SIGN}") if shown else "0.0"


def _used(report: Report) -> Tile:
    left, right = (_one(report, "steps_used_count", side, 0) for side in Side)
    on_left, on_right = (_one(report, "steps_count", side, 0) for side in Side)
    return Tile(
        _("Stances used"),
        "",
        _("of {left} and {right} found; first, last and disturbed ones are left out").format(
            left=on_left, right=on_right
        ),
        left=left,
        right=right,
    )
