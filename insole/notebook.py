"""insole in Python, for notebooks and scripts: four functions, each also at hand as ``insole.NAME``.

    import insole

    walk = insole.read("walk.asc")            # a vendor's file
    report = insole.analyse(walk)
    insole.to_frame(report)                   # one row a value, its unit in its name
    insole.to_frame(walk)                     # one row a sample and foot, a column a sensor

    with insole.open() as store:              # the recordings of this machine
        walk = store.read(store.list()[0].id)

A worked example: ``docs/notebook.ipynb``. The numbers are those of the command line and of the
pages: the same functions make them.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from analysis.options import Options
from analysis.recipe import analyse as _analyse
from ingest.files import read as _read
from insole.export import Rows
from insole.report import Report, Value
from insole.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from insole.recording import Recording

__all__ = ["analyse", "open", "read", "to_frame"]


def open(folder: Path | str | None = None) -> Store:  # noqa: A001 - it reads ``insole.open``
    """Open a store of recordings, to be closed after use: best in a ``with``.

    Parameters
    ----------
    folder
        Its folder, or a database's URL; None is the URL in the environment's INSOLE_DATABASE, or else the
        folder in INSOLE_DATA, or else the user's data folder.

    Raises
    ------
    StoreError
        If it cannot be opened, is something else, or was written by a newer version.
    """
    return Store.open(folder)


def read(path: Path | str) -> Recording:
    """Read a vendor's file of any known format (``docs/formats.md``).

    Raises
    ------
    FormatError
        If it cannot be read, is of no known format, or is not wholly of its format; says the line.
    """
    return _read(path)


def analyse(recording: Recording, **options: Any) -> Report:
    """Measure a recording.

    Parameters
    ----------
    options
        As in ``analysis.options.Options``: ``mask``, ``zero``, ``marks``, ``stance_width_mm``, ``findings``.

    Raises
    ------
    AnalysisError, CalibrationError
        If an option cannot be met, or a calibration does not fit its foot.
    """
    return _analyse(recording, Options(**options))


def to_frame(measured: Recording | Report) -> pd.DataFrame:
    """A recording's samples or a report's values as a tidy table.

    Returns
    -------
    Of a recording: the columns of its CSV (``docs/data-dictionary.md``), one row a sample and foot:
    ``side``, ``sample``, ``time_s``, one float32 column a sensor with its unit in its name
    (``s01_kpa``), then inertial channels. What is missing is NaN.

    Of a report: one row a value: ``name`` (its unit in it), ``value``, ``unit``, ``side`` (missing for
    both feet), ``region``, ``n_steps``, ``variant``, ``sd``.
    """
    import pandas as pd

    if isinstance(measured, Report):
        frame = pd.DataFrame([asdict(v) for v in measured.values], columns=list(Value.__dataclass_fields__))
        return frame.astype({"value": "float64", "sd": "float64", "n_steps": "Int64", **TEXTS})
    rows = Rows({side: foot.meta for side, foot in measured.feet.items()})
    feet = [pd.DataFrame(rows.of(foot)) for foot in measured.feet.values()]
    frame = pd.concat(feet, ignore_index=True)[[column.name for column in rows.columns]].astype({"side": "string"})
    return frame.copy()  # in one piece: columns that are added later are cheap


TEXTS = dict.fromkeys(("name", "unit", "side", "region", "variant"), "string")
"""Columns of a report's table that are words."""
