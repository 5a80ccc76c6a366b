"""Pages of the report: paper, margins, head and foot lines, and the bytes of the file."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from dashboards.language import _, spoken
from dashboards.render import INTENDED_USE
from dashboards.report.type import INK, MUTED, REGULAR, RULE, SMALL_PT, shown
from insole.errors import AnalysisError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

PAPERS: dict[str, tuple[float, float]] = {"a4": A4, "letter": LETTER}
"""Width and height in points (1/72 inch) of the papers there are."""

MARGIN_PT = 34.0
FOOT_PT = 30.0
"""Free paper at the sides and above; below, where the foot line stands (our judgement: any printer reaches it)."""


def size_of(paper: str) -> tuple[float, float]:
    """Width and height in points that a page's text has.

    Raises
    ------
    AnalysisError
        If there is no such paper.
    """
    if paper not in PAPERS:
        raise AnalysisError(f"there is no paper {paper!r}; choose {' or '.join(PAPERS)}")
    width, height = PAPERS[paper]
    return width - 2 * MARGIN_PT, height - MARGIN_PT - FOOT_PT - 6


class Sketch(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A drawing of fixed size among the text.

    Parameters
    ----------
    width_pt, height_pt
        Its size.
    paint
        Draws it on a canvas whose origin is the lower left corner.
    """

    def __init__(self, width_pt: float, height_pt: float, paint: Callable[[Any], None]) -> None:
        super().__init__()
        self.width, self.height, self._paint = width_pt, height_pt, paint

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Its size, whatever there is room for."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw it where it has come to stand."""
        self.canv.saveState()
        self._paint(self.canv)
        self.canv.restoreState()


class Numbered(Canvas):  # type: ignore[misc]  # ReportLab has no types
    """A canvas that knows how many pages there are before it writes the first foot line."""

    def __init__(self, *args: Any, about: str, made_by: str, made_at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._doc._timeStamp.YMDhms = made_at.utctimetuple()[:6]  # noqa: SLF001 (there is no other way in)
        self._about, self._made_by = about, made_by
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 (ReportLab's name)
        """Keep the page; it is written when all are there."""
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write every page with its foot line, then the file."""
        pages = self._pages
        for number, page in enumerate(pages, 1):
            self.__dict__.update(page)
            self._foot(number, len(pages))
            super().showPage()
        super().save()

    def _foot(self, number: int, of: int) -> None:
        width, height = self._pagesize
        self.setStrokeColor(RULE)
        self.setLineWidth(0.5)
        self.line(MARGIN_PT, FOOT_PT, width - MARGIN_PT, FOOT_PT)
        self.setFont(REGULAR, SMALL_PT)
        self.setFillColor(INK)
        self.drawString(MARGIN_PT, FOOT_PT - 10, shown(_(INTENDED_USE)))
        page = shown(_("page {number} of {of}").format(number=number, of=of))
        right = f"{self._made_by}  ·  {page}"
        self.drawRightString(width - MARGIN_PT, FOOT_PT - 10, right)
        if number > 1:
            self.setFillColor(MUTED)
            self.drawString(MARGIN_PT, height - MARGIN_PT + 8, fitting(self._about, width - 2 * MARGIN_PT, SMALL_PT))


def fitting(text: str, width_pt: float, size_pt: float, font: str = REGULAR) -> str:
    """Text made to fit on a line of that width, with an ellipsis where something is left out."""
    text = shown(text)
    if stringWidth(text, font, size_pt) <= width_pt:
        return text
    while text and stringWidth(text + "…", font, size_pt) > width_pt:
        text = text[:-1]
    return text.rstrip() + "…"


def bind(story: Sequence[Any], *, paper: str, title: str, about: str, made_by: str, made_at: datetime) -> bytes:
    """Set the parts on pages; the same parts give the same bytes.

    Parameters
    ----------
    story
        Flowables, first to last.
    paper
        One of ``PAPERS``.
    title
        The document's title, as a reader's window shows it.
    about
        Stands above every page but the first.
    made_by
        Stands below every page, before its number: the software.
    made_at
        The file's date, aware: that of the recording, so that it does not depend on today.
    """
    width, height = PAPERS[paper]
    text_width, text_height = size_of(paper)
    into = BytesIO()
    document = BaseDocTemplate(
        into,
        pagesize=(width, height),
        title=shown(title),
        author="insole",
        subject=shown(_(INTENDED_USE)),
        creator=shown(made_by),
        lang=spoken(),
        displayDocTitle=1,
        invariant=1,
        pageCompression=1,
        initialFontName=REGULAR,
    )
    frame = Frame(
        MARGIN_PT, FOOT_PT + 6, text_width, text_height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    document.addPageTemplates([PageTemplate(frames=[frame])])

    def canvas(*args: Any, **kwargs: Any) -> Numbered:
        return Numbered(*args, about=about, made_by=shown(made_by), made_at=made_at, **kwargs)

    document.build(list(story), canvasmaker=canvas)
    return into.getvalue()
