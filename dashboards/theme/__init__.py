"""How everything looks: one palette in light and dark, one pressure scale, one style of figures.

``palette`` is the source: the pages' style sheet takes its tokens from it (``sheet``), figures
are built in ``LIGHT`` and recoloured (``figures``), and so nothing is said twice.
"""

from __future__ import annotations

from dashboards.theme.figures import axis, recolour, say_empty, style
from dashboards.theme.palette import DARK, FONT, LIGHT, PALETTES, Palette, colour, soft
from dashboards.theme.scales import CHANGE_SCALE, PRESSURE_SCALE
from dashboards.theme.sheet import tokens_css

__all__ = [
    "CHANGE_SCALE",
    "DARK",
    "FONT",
    "LIGHT",
    "PALETTES",
    "PRESSURE_SCALE",
    "Palette",
    "axis",
    "colour",
    "recolour",
    "say_empty",
    "soft",
    "style",
    "tokens_css",
]
