"""Recordings on their way out, for people who go on in R, Python, MATLAB or a spreadsheet.

One module per form, each with a constant ``EXPORTER``. What leaves tells neither when nor who, unless
dates are asked for; raw samples leave as they were stored, at each foot's own times. The command line
and the service write the same bytes: both make them here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from insole.export._beside import recordings
from insole.export._exporter import Choice, Exporter, OutFile, exporter, exporters
from insole.export._gather import gather
from insole.export._outgoing import Outgoing, outgoing
from insole.export._samples import Rows
from insole.export._zip import zipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "Choice",
    "Exporter",
    "OutFile",
    "Outgoing",
    "Rows",
    "exporter",
    "exporters",
    "files_of",
    "gather",
    "outgoing",
    "zipped",
]


def files_of(form: Exporter, leaving: Iterable[Outgoing], choice: Choice, *, index: bool = True) -> Iterator[OutFile]:
    """The files of recordings, one recording after the other, so that one is in memory at a time.

    Parameters
    ----------
    form
        From ``exporter``.
    leaving
        From ``gather`` or ``outgoing``.
    index
        With what they have once, last: a table of the recordings.

    Raises
    ------
    ExportError
        If a recording cannot leave in this form.
    """
    summaries = []
    for one in leaving:
        yield from form.files(one, choice)
        summaries.append(one.summary)
    if index:
        yield from (form.index or recordings)(summaries, choice)
