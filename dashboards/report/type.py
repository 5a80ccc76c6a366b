"""Type of the report: one typeface, embedded, and text that it can show.

Bitstream Vera comes with ReportLab (free licence; ``bitstream-vera-license.txt`` beside it). PDF's own
Helvetica has no minus sign. The faces are registered when this module is imported, once for
all threads: a document that is being made must not see them change.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

from dashboards.words import number, signed

if TYPE_CHECKING:
    from typing import Any

    from insole.report import Value

REGULAR, BOLD, ITALIC = "Vera", "VeraBd", "VeraIt"

for _face in (REGULAR, BOLD, ITALIC):
    pdfmetrics.registerFont(TTFont(_face, f"{_face}.ttf"))
pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD)

INK, MUTED, RULE = HexColor("#000000"), HexColor("#404040"), HexColor("#a0a0a0")
"""Text, secondary text and rules: black and greys, so that paper shows what the screen does."""

SMALL_PT, BODY_PT, HEAD_PT, TITLE_PT = 7.0, 8.6, 10.0, 16.0
"""Sizes of type: tables and notes, sentences, headings, the title."""

TINY_PT = 6.3
"""Numbers on a map and at axes."""


def _style(name: str, size: float, *, font: str = REGULAR, before: float = 0, after: float = 0) -> ParagraphStyle:
    return ParagraphStyle(
        name,
        fontName=font,
        fontSize=size,
        leading=size * 1.28,
        textColor=INK,
        spaceBefore=before,
        spaceAfter=after,
        keepWithNext=int(name == "head"),
        spaceShrinkage=0,
    )


STYLES = {
    "title": _style("title", TITLE_PT, font=BOLD, after=3),
    "head": _style("head", HEAD_PT, font=BOLD, before=7, after=2.5),
    "body": _style("body", BODY_PT, after=2),
    "small": _style("small", SMALL_PT, before=1.5, after=1.5),
    "cell": _style("cell", SMALL_PT),
    "strong": _style("strong", SMALL_PT, font=BOLD),
}

_GLYPHS = pdfmetrics.getFont(REGULAR).face.charToGlyph
_STAND_INS = {"\u2009": "\u00a0", "\u202f": "\u00a0", "\u2011": "-", "\u2192": "to", "\u03a3": "sum"}


def shown(text: str) -> str:
    """Text as the typeface can show it.

    A character that it has not is written by its number, ``[U+03B1]``, and never left out: two
    codes of subjects must not come to look alike. Line breaks and control characters become spaces.
    """
    return "".join(map(_shown, unicodedata.normalize("NFC", text))).strip()


def _shown(character: str) -> str:
    if character in _STAND_INS:
        return _STAND_INS[character]
    if unicodedata.category(character) in ("Cc", "Zl", "Zp"):
        return " "
    return character if ord(character) in _GLYPHS else f"[U+{ord(character):04X}]"


def line(text: str, style: str = "body") -> Any:
    """A paragraph of plain text; words longer than the line are broken, never cut off."""
    return Paragraph(escape(shown(text)), STYLES[style])


def named(name: str, text: str, style: str = "small") -> Any:
    """A paragraph that begins with a bold name."""
    return Paragraph(f"<b>{escape(shown(name))}</b> {escape(shown(text))}", STYLES[style])


def amount(value: Value | None, *, spread: bool = False, signed: bool = False) -> str:
    """A value as it is printed everywhere in the report: as on the pages (``words.number``).

    Parameters
    ----------
    spread
        Add the standard deviation over steps, where there is one.
    signed
        Write a plus before a number above zero.
    """
    if value is None:
        return shown(number(None))
    text = plus(value.value, value.unit) if signed else number(value.value, value.unit)
    if spread and value.sd is not None:
        text += f" ± {number(value.sd, value.unit)}"
    return shown(text)


def plus(value: float, unit: str = "") -> str:
    """A difference: a number with its sign, zero without one."""
    return shown(signed(value, unit))
