"""Colours and type of every page and figure, in light, dark and on paper.

Left and right are Okabe and Ito's blue and vermillion, which people with
any common colour blindness tell apart (Okabe & Ito 2008, Color Universal Design),
shifted in lightness until text in them reads on its background (WCAG 2.2, 1.4.3: 4.5 : 1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from insole.recording import Side


@dataclass(frozen=True)
class Palette:
    """One theme's colours: what each is for, not what it looks like.

    Attributes
    ----------
    page, surface
        Behind everything; behind a figure or table.
    ink, muted, line
        Text and marks; secondary text; rules and grids.
    left, right
        The two feet, everywhere.
    left_soft, right_soft
        The same as an area behind marks.
    warn
        What asks for attention.
    """

    page: str
    surface: str
    ink: str
    muted: str
    line: str
    left: str
    right: str
    left_soft: str
    right_soft: str
    warn: str


LIGHT = Palette(
    page="#f6f7f8",
    surface="#ffffff",
    ink="#16202a",
    muted="#566472",
    line="#dfe4e8",
    left="#00669f",
    right="#b84a00",
    left_soft="rgba(0,102,159,0.16)",
    right_soft="rgba(184,74,0,0.16)",
    warn="#8a5a00",
)
DARK = Palette(
    page="#0f1418",
    surface="#171e24",
    ink="#e8edf1",
    muted="#9dabb7",
    line="#2c363f",
    left="#5cb8ec",
    right="#f5935b",
    left_soft="rgba(92,184,236,0.22)",
    right_soft="rgba(245,147,91,0.22)",
    warn="#e8b751",
)
PALETTES = {"light": LIGHT, "dark": DARK}
PAPER = replace(LIGHT, page="#ffffff")
"""What is printed: no grey behind the page."""

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif'


def colour(side: Side) -> str:
    """The foot's colour, in the light palette."""
    return LIGHT.left if side is Side.LEFT else LIGHT.right


def soft(side: Side) -> str:
    """The foot's colour for areas, in the light palette."""
    return LIGHT.left_soft if side is Side.LEFT else LIGHT.right_soft
