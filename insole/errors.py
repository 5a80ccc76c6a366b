"""Every error this project raises on purpose, in one tree.

::

    InsoleError
    ├── UnitError            a unit that is unknown or does not fit the quantity
    ├── LayoutError          a sensor layout that is missing or contradicts itself
    ├── CalibrationError     counts that cannot become kPa
    ├── RecordingError       streams that do not belong together or contradict themselves
    ├── RecordsError         a subject, visit or mark that contradicts itself
    ├── PacketError          a radio payload that is not a packet of its device
    ├── FormatError          a file that is not, or not wholly, of its format (path, line)
    ├── StoreError           the database
    │   ├── NotFoundError        no such recording, subject, visit or mark
    │   ├── ConflictError        a change that what is stored does not allow
    │   ├── DamagedError         a block whose checksum does not match
    │   └── StoreFullError       no room left; what was acknowledged is safe
    ├── LinkError            the radio
    │   └── AdapterError         no adapter, switched off, or not permitted
    ├── ExportError          a form that a recording cannot leave in
    ├── NotNowError          asked for at a moment that does not allow it
    └── AnalysisError        a recording that cannot be analysed as asked

The text of each says what was wrong, where, and what to do. The roof (command line,
service) catches ``InsoleError`` and shows its text; anything else is a defect of ours.
"""

from __future__ import annotations

from pathlib import Path


class InsoleError(Exception):
    """Base of all errors that a user can act on."""


class UnitError(InsoleError):
    """A unit is unknown or measures another quantity."""


class LayoutError(InsoleError):
    """A sensor layout is missing or contradicts itself."""


class CalibrationError(InsoleError):
    """Counts cannot be turned into kPa."""


class RecordingError(InsoleError):
    """Streams contradict each other or themselves."""


class RecordsError(InsoleError):
    """A subject, a visit or a mark contradicts itself."""


class PacketError(InsoleError):
    """A payload is not a whole, valid packet of its device."""


class FormatError(InsoleError):
    """A file is not, or not wholly, what its format says.

    Parameters
    ----------
    message
        What is wrong and what to do.
    path
        The file.
    line
        1-based line where it shows, if the format has lines.
    """

    def __init__(self, message: str, *, path: Path | str, line: int | None = None) -> None:
        self.path = Path(path)
        self.line = line
        where = f"{self.path.name}" if line is None else f"{self.path.name}, line {line}"
        super().__init__(f"{where}: {message}")


class StoreError(InsoleError):
    """The database refused, failed or disagrees."""


class NotFoundError(StoreError):
    """No such recording, subject, visit or mark in this store."""


class ConflictError(StoreError):
    """A change that what is stored does not allow: a code that is taken, a thing whose parent is in the bin."""


class DamagedError(StoreError):
    """A stored block does not match its checksum."""


class StoreFullError(StoreError):
    """No room left on the disk; everything acknowledged before is safe."""


class LinkError(InsoleError):
    """The radio failed."""


class NotNowError(InsoleError):
    """Asked for at a moment that does not allow it: a recording that is running already, insoles that are not there."""


class ExportError(InsoleError):
    """A recording cannot leave in the form asked for, or that form needs what is not installed."""


class AdapterError(LinkError):
    """No Bluetooth adapter, switched off, or not permitted."""


class AnalysisError(InsoleError):
    """A recording cannot be analysed as asked."""
