"""Colour scales on paper: the pages' pressure scale, and one for differences, each with its range printed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from plotly.colors import sample_colorscale

from dashboards.report.type import INK, REGULAR, TINY_PT, plus, shown
from dashboards.theme import CHANGE_SCALE, PRESSURE_SCALE
from dashboards.words import number

if TYPE_CHECKING:
    from insole.typing import F64, I64

COLOURS = 128
"""Colours of a scale on paper."""

BAR_PT = 6.0


@cache
def _colours(name: str) -> tuple[tuple[float, float, float], ...]:
    return tuple(sample_colorscale(name, np.linspace(0, 1, COLOURS), colortype="tuple"))


@dataclass(frozen=True)
class Scale:
    """From values to colours.

    Attributes
    ----------
    top
        Value of the last colour; the first is zero, or minus this.
    unit
        Of the values.
    both_ways
        Whether the scale goes from minus ``top`` to ``top``.
    """

    top: float
    unit: str
    both_ways: bool = False

    @property
    def colours(self) -> tuple[tuple[float, float, float], ...]:
        """Red, green and blue from 0 to 1, of each step."""
        return _colours(CHANGE_SCALE if self.both_ways else PRESSURE_SCALE)

    def index(self, values: F64) -> I64:
        """Which colour each value has; values beyond the ends have the colour of the end."""
        share = (values + self.top) / (2 * self.top) if self.both_ways else values / self.top
        return np.rint(np.clip(share, 0, 1) * (COLOURS - 1)).astype(np.int64)

    def paint(self, canvas: Any, x: float, y: float, width: float) -> None:
        """The bar with its lower left corner at ``x, y``: colours, ticks below it and the unit."""
        step = width / COLOURS
        for i, colour in enumerate(self.colours):
            canvas.setFillColorRGB(*colour)
            canvas.rect(x + i * step, y, step * 1.3 if i < COLOURS - 1 else step, BAR_PT, stroke=0, fill=1)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.4)
        canvas.rect(x, y, width, BAR_PT, stroke=1, fill=0)
        canvas.setFont(REGULAR, TINY_PT)
        canvas.setFillColor(INK)
        ends = (-self.top, 0.0, self.top) if self.both_ways else (0.0, self.top / 2, self.top)
        for share, value in zip((0, 0.5, 1), ends, strict=True):
            text = plus(value) if self.both_ways else shown(number(value) if value else "0")
            canvas.drawCentredString(x + share * width, y - TINY_PT - 1, text.removesuffix(".00").removesuffix(".0"))
        canvas.drawString(x + width + 14, y, shown(self.unit))
