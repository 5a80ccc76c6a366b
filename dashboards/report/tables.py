"""Tables of the report: a head over a rule, numbers to the right, no boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportlab.platypus import Table

from dashboards.report.type import BOLD, INK, REGULAR, RULE, SMALL_PT, line, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

PAD_PT, HEAD_SPACE_PT = 1.4, 6.0
"""Free paper above and below a row's text; above headings that stand side by side, which in a table have none."""


def table(
    rows: Sequence[Sequence[str]],
    widths_pt: Sequence[float],
    *,
    words: Sequence[int] = (0,),
    heads: int = 1,
    spans: Sequence[tuple[int, int]] = (),
    strong: Sequence[int] = (),
) -> Any:
    """Rows of text as a table that may go on over pages, its head repeated.

    Parameters
    ----------
    rows
        Cells as they are to be printed; the first ``heads`` rows are the head.
    widths_pt
        Of the columns, in points.
    words
        Columns that hold words: left-aligned, and wrapped; all others are numbers.
    spans
        ``(first, last)`` columns that are one cell in the first row.
    strong
        Rows that are printed bold.
    """
    bold = {*range(heads), *strong}
    cells = [
        [
            line(text, "strong" if r in bold else "cell") if c in words and text else _lines(text)
            for c, text in enumerate(row)
        ]
        for r, row in enumerate(rows)
    ]
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, SMALL_PT, SMALL_PT * 1.2),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("ALIGN", (0, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("VALIGN", (0, 0), (-1, heads - 1), "BOTTOM"),
        ("TOPPADDING", (0, 0), (-1, -1), PAD_PT),
        ("BOTTOMPADDING", (0, 0), (-1, -1), PAD_PT),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("LINEBELOW", (0, heads - 1), (-1, heads - 1), 0.8, INK),
        ("LINEBELOW", (0, heads), (-1, -1), 0.3, RULE),
    ]
    style += [("FONT", (0, r), (-1, r), BOLD, SMALL_PT, SMALL_PT * 1.2) for r in sorted(bold)]
    style += [("ALIGN", (c, 0), (c, -1), "LEFT") for c in words]
    for first, last in spans:
        style += [("SPAN", (first, 0), (last, 0)), ("ALIGN", (first, 0), (last, 0), "CENTER")]
        style += [("LINEBELOW", (first, 0), (last, 0), 0.3, RULE)]
    return Table(cells, colWidths=list(widths_pt), style=style, repeatRows=heads, splitInRow=1)


def _lines(text: str) -> str:
    """Text of a cell that is not wrapped, whose lines end where it says."""
    return "\n".join(shown(part) for part in text.split("\n"))


def side_by_side(parts: Sequence[Any], widths_pt: Sequence[float]) -> Any:
    """Drawings next to each other."""
    style: list[tuple[Any, ...]] = [("VALIGN", (0, 0), (-1, -1), "TOP")]
    style += [(f"{edge}PADDING", (0, 0), (-1, -1), 0) for edge in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    return Table([list(parts)], colWidths=list(widths_pt), style=style)


def facts(pairs: Sequence[tuple[str, str]], width_pt: float, *, columns: int = 4) -> Any:
    """Names with what they are, several to a row."""
    rows: list[list[Any]] = []
    for start in range(0, len(pairs), columns):
        part = [*pairs[start : start + columns]]
        part += [("", "")] * (columns - len(part))
        rows.append([[line(name, "strong"), line(text, "cell")] if name else "" for name, text in part])
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 8),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("LINEABOVE", (0, 0), (-1, 0), 0.8, INK),
        ("LINEBELOW", (0, -1), (-1, -1), 0.8, INK),
    ]
    return Table(rows, colWidths=[width_pt / columns] * columns, style=style, splitInRow=1)
