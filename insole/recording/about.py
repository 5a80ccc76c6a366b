"""What is known about a recording besides its samples."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from insole.errors import RecordingError

NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
"""Start of a recording whose source gives no date; to be shown as such."""

MASS_RANGE_KG = (5.0, 400.0)
"""Masses that we take to be a typing error outside of (our judgement)."""


@dataclass(frozen=True)
class About:
    """What is known about a recording besides its samples. Nothing here names a person.

    Attributes
    ----------
    subject_code
        Pseudonym.
    condition
        ``barefoot``, ``shoe``, ``orthosis A``, ...
    body_mass_kg
        None when unknown.
    task
        ``walking``, ``standing``, ...
    device, firmware
        Model and firmware of the insoles, or the format of the file.
    source_name, source_sha256
        Name and hash of the imported file; empty for a live recording.
    notes
        Free lines that the importer or the user wrote.
    """

    subject_code: str = ""
    condition: str = ""
    body_mass_kg: float | None = None
    task: str = ""
    device: str = ""
    firmware: str = ""
    source_name: str = ""
    source_sha256: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        checked_mass_kg(self.body_mass_kg)


def checked_mass_kg(mass_kg: float | None) -> None:
    """Refuse a body mass that nobody has; None is unknown.

    Raises
    ------
    RecordingError
        If it is outside ``MASS_RANGE_KG``.
    """
    if mass_kg is not None and not MASS_RANGE_KG[0] <= mass_kg <= MASS_RANGE_KG[1]:
        raise RecordingError(
            f"a body mass of {mass_kg} kg is outside {MASS_RANGE_KG[0]:g} to {MASS_RANGE_KG[1]:g} kg; "
            "give it in kilograms, or leave it out"
        )
