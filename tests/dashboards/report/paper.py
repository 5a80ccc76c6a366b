"""Reading a report back: its text, and where on the page each piece of it stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

import numpy as np
from pypdf import PdfReader
from reportlab.pdfbase.pdfmetrics import stringWidth

from dashboards.render import INTENDED_USE
from dashboards.report.type import BOLD, REGULAR
from dashboards.words import number

BELOW, ABOVE = 0.2, 0.72
"""How far letters reach below and above their line, of their size."""

TOUCHING_PT = 0.3


@dataclass(frozen=True)
class Piece:
    """Text in a box on a page, in points from the lower left corner."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


@lru_cache(32)
def pages(pdf: bytes) -> list[list[str]]:
    """The lines of text of each page, cell by cell in reading order."""
    texts = [page.extract_text().replace("\u00a0", " ") for page in PdfReader(BytesIO(pdf)).pages]
    return [[line.strip(" ") for line in text.split("\n") if line.strip(" ")] for text in texts]


def lines(pdf: bytes) -> list[str]:
    """The lines of text of all pages."""
    return [line for page in pages(pdf) for line in page]


def whole(pdf: bytes) -> str:
    """All text without spaces: what wrapping does not change."""
    return "".join("".join(lines(pdf)).split())


def written(value: float | None, unit: str = "", *, sd: float | None = None, signed: bool = False) -> str:
    """A number as a report must print it: as on the pages, thousands apart by any space."""
    text = number(value, unit)
    if signed and value is not None and value > 0 and text.strip("0.") != "":
        text = f"+{text}"
    if sd is not None:
        text += f" ± {number(sd, unit)}"
    return text.replace("\u2009", " ")


def body(pdf: bytes, start: str, stop: str, head: list[str]) -> list[str]:
    """The cells of a table between two texts, without its head, which is repeated on each page; none without it."""
    found = [line for page in pages(pdf) for line in page if not _around(line)]
    if start not in found:
        return []
    first = found.index(start) + 1
    last = next(i for i, line in enumerate(found) if i >= first and line.startswith(stop))
    cells, kept = found[first:last], []
    while cells:
        if cells[: len(head)] == head:
            cells = cells[len(head) :]
        else:
            kept.append(cells.pop(0))
    return kept


def _around(line: str) -> bool:
    """Whether it is the line above or below every page."""
    return line == INTENDED_USE or " ·  page " in line or line.startswith("Plantar pressure report, ")


def follows(found: list[str], cells: list[str]) -> bool:
    """Whether the cells stand one after the other."""
    return any(found[i : i + len(cells)] == cells for i in range(len(found)))


@lru_cache(8)
def pieces(pdf: bytes) -> list[list[Piece]]:
    """Where each piece of text of each page stands; not of what goes on behind a bold name on its line."""
    found = []
    for page in PdfReader(BytesIO(pdf)).pages:
        of_page: list[Piece] = []

        def visit(text, cm, tm, font, size, of_page=of_page):
            line = text.rstrip("\n")
            if not line.strip() or line.startswith(" "):
                return
            x, y = cm[4] + tm[4], cm[5] + tm[5]
            wide = stringWidth(line, BOLD if "Bold" in font["/BaseFont"] else REGULAR, size)
            of_page.append(Piece(line, x, y - BELOW * size, x + wide, y + ABOVE * size))

        page.extract_text(visitor_text=visit)
        found.append(of_page)
    return found


def overlaps(pdf: bytes) -> list[tuple[str, str]]:
    """Pairs of pieces that stand on each other."""
    found = []
    for page in pieces(pdf):
        x0, y0, x1, y1 = np.array([(p.x0, p.y0, p.x1, p.y1) for p in page]).T
        across = np.minimum.outer(x1, x1) - np.maximum.outer(x0, x0)
        along = np.minimum.outer(y1, y1) - np.maximum.outer(y0, y0)
        pairs = np.argwhere(np.triu((across > TOUCHING_PT) & (along > TOUCHING_PT), 1))
        found += [(page[a].text, page[b].text) for a, b in pairs]
    return found


def outside(pdf: bytes, size: tuple[float, float], margin: float) -> list[str]:
    """Pieces that do not lie on the paper, within its margin."""
    width, height = size
    return [
        p.text
        for page in pieces(pdf)
        for p in page
        if p.x0 < margin - 1 or p.x1 > width - margin + 1 or p.y0 < 0 or p.y1 > height
    ]
