"""A small plot on paper: axes with units, mean curves in line styles that grey paper tells apart, bands."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from reportlab.lib.colors import Color, HexColor, toColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from dashboards.report.paper import fitting
from dashboards.report.soles import path_of
from dashboards.report.type import INK, MUTED, REGULAR, RULE, SMALL_PT, TINY_PT, shown
from dashboards.theme import colour
from dashboards.words import number
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insole.typing import F64

LEFT_PT, RIGHT_PT, BELOW_PT, ABOVE_PT = 30.0, 8.0, 22.0, 27.0
"""Room for the numbers at the axes, and for the legend above."""

EMPTY_PT = 42.0
"""Height of a frame that says why a drawing is not there."""

LINE_PT = 1.4
MOST_NAME_PT = 130.0
"""Width of a line, and of an entry of the legend."""


@dataclass(frozen=True)
class Pen:
    """How a line is drawn.

    Attributes
    ----------
    ink
        Its colour.
    dash
        Lengths of dashes and breaks in points; empty for a solid line.
    """

    ink: Any
    dash: tuple[float, ...] = ()

    def take(self, canvas: Any, width: float = LINE_PT) -> None:
        """Draw the next lines with this pen."""
        canvas.setStrokeColor(self.ink)
        canvas.setLineWidth(width)
        canvas.setDash(list(self.dash))

    def pale(self) -> Any:
        """The ink for areas behind lines."""
        ink = toColor(self.ink)
        return Color(*(1 - 0.22 * (1 - part) for part in (ink.red, ink.green, ink.blue)))


PENS = {Side.LEFT: Pen(HexColor(colour(Side.LEFT))), Side.RIGHT: Pen(HexColor(colour(Side.RIGHT)), (4, 2))}
"""The feet: left solid, right dashed."""

CONDITIONS = (
    Pen(HexColor("#000000")),
    Pen(HexColor("#0072b2"), (4, 2)),
    Pen(HexColor("#c44601"), (1.2, 1.6)),
    Pen(HexColor("#007a5a"), (6, 2, 1.2, 2)),
)
"""The conditions of a comparison, the baseline first: solid, dashed, dotted, dash and dot (colours after Okabe & Ito
2008, darkened for paper)."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A line of a plot.

    Attributes
    ----------
    name
        As in the legend.
    pen
        How it is drawn.
    y
        ``(n,)`` at equal distances along the axis.
    sd
        ``(n,)`` half the height of its band; None for none.
    """

    name: str
    pen: Pen
    y: F64
    sd: F64 | None = None


def paint_curves(
    canvas: Any, width: float, height: float, curves: Sequence[Curve], *, across: str, along: str, top: float
) -> None:
    """Curves over 0 to 100 % in a box with its lower left corner at the origin.

    Parameters
    ----------
    across, along
        What the x and the y axis are, with units.
    top
        Largest value of the y axis, whose lowest is zero.
    """
    box = (LEFT_PT, BELOW_PT, width - LEFT_PT - RIGHT_PT, height - BELOW_PT - ABOVE_PT)
    _axes(canvas, box, across=across, along=along, top=top)
    x0, y0, wide, high = box
    canvas.saveState()
    canvas.clipPath(
        path_of(canvas, np.array([[x0, y0], [x0 + wide, y0], [x0 + wide, y0 + high], [x0, y0 + high]])), stroke=0
    )

    def at(y: F64) -> F64:
        return np.column_stack([x0 + wide * np.linspace(0, 1, y.size), y0 + high * y / top])

    for curve in curves:
        if curve.sd is not None:
            band = np.vstack([at(curve.y - curve.sd), at(curve.y + curve.sd)[::-1]])
            canvas.setFillColor(curve.pen.pale())
            canvas.drawPath(path_of(canvas, band), stroke=0, fill=1)
    for curve in curves:
        if curve.sd is not None:
            curve.pen.take(canvas, 0.4)
            for edge in (curve.y - curve.sd, curve.y + curve.sd):
                canvas.drawPath(path_of(canvas, at(edge), close=False), stroke=1, fill=0)
        curve.pen.take(canvas)
        canvas.drawPath(path_of(canvas, at(curve.y), close=False), stroke=1, fill=0)
    canvas.restoreState()
    legend(canvas, x0, height - 9, width - x0, [(curve.name, curve.pen) for curve in curves])


def _axes(canvas: Any, box: tuple[float, float, float, float], *, across: str, along: str, top: float) -> None:
    x0, y0, wide, high = box
    canvas.setFont(REGULAR, TINY_PT)
    canvas.setFillColor(INK)
    canvas.setLineWidth(0.3)
    for share in (0, 0.25, 0.5, 0.75, 1):
        canvas.setStrokeColor(RULE)
        canvas.line(x0, y0 + share * high, x0 + wide, y0 + share * high)
        canvas.drawRightString(x0 - 3, y0 + share * high - 2, _tick(share * top))
        canvas.drawCentredString(x0 + share * wide, y0 - TINY_PT - 2, f"{100 * share:.0f}")
    canvas.setStrokeColor(INK)
    canvas.line(x0, y0, x0 + wide, y0)
    canvas.setFillColor(MUTED)
    canvas.drawCentredString(x0 + wide / 2, y0 - 2 * TINY_PT - 5, shown(across))
    canvas.drawString(0, y0 + high + 7, shown(along))


def _tick(value: float) -> str:
    text = number(value)
    return shown(text.rstrip("0").rstrip(".") if "." in text else text)


def legend(canvas: Any, x: float, y: float, width: float, entries: Sequence[tuple[str, Pen]]) -> None:
    """Names beside pieces of their lines, in one row."""
    room = min(width / max(len(entries), 1), MOST_NAME_PT)
    for i, (name, pen) in enumerate(entries):
        at = x + i * room
        pen.take(canvas)
        canvas.line(at, y + 2.2, at + 20, y + 2.2)
        canvas.setDash([])
        canvas.setFont(REGULAR, TINY_PT)
        canvas.setFillColor(INK)
        canvas.drawString(at + 23, y, fitting(name, room - 27, TINY_PT))


def say_empty(canvas: Any, width: float, height: float, text: str) -> None:
    """Words in the place of a drawing that cannot be made."""
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.rect(0.5, 0.5, width - 9, height - 1, stroke=1, fill=0)
    canvas.setFillColor(INK)
    canvas.setFont(REGULAR, SMALL_PT)
    lines = broken(text, width - 30, SMALL_PT)
    for i, part in enumerate(lines):
        canvas.drawCentredString(width / 2 - 4, height / 2 + SMALL_PT * 1.3 * (len(lines) / 2 - i) - SMALL_PT, part)


def broken(text: str, width_pt: float, size_pt: float) -> list[str]:
    """Text in lines of that width."""
    lines: list[str] = []
    for word in shown(text).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and stringWidth(longer, REGULAR, size_pt) <= width_pt:
            lines[-1] = longer
        else:
            lines.append(fitting(word, width_pt, size_pt))
    return lines


def round_top(largest: float) -> float:
    """A round number at or above ``largest``, whose quarters are short: the top of an axis; 1 for nothing."""
    if not largest > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    return next(
        step * power for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if step * power >= largest * (1 - 1e-9)
    )
