"""Colour scales: one for pressure, one for a change of pressure."""

from __future__ import annotations

PRESSURE_SCALE = "Viridis"
"""Perceptually uniform and readable with any common colour blindness (van der Walt & Smith 2015)."""

CHANGE_SCALE = "PuOr_r"
"""Less to more: purple and orange stay apart with any common colour blindness (Brewer, ColorBrewer 2.0).
Its middle, no change, is near white."""
