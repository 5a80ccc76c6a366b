"""What was understood of a file, before anything is stored: for the command line and the service."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from insole.recording import NO_DATE

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.files import Understood
    from insole.recording import FootStream


@dataclass(frozen=True)
class FootDescription:
    """One foot of a file.

    Attributes
    ----------
    sensors, layout, unit, rate_hz
        How many sensors, of what, in which unit, how often.
    areas
        Whether the sensors' areas are known: without them, pressures give no force.
    samples, missing
        Samples there are, and those missing between the first and the last.
    gaps, longest_gap_s
        Runs of missing samples, and the longest.
    from_s, to_s
        Session seconds of the first and the last sample.
    lowest, highest
        Of all values, in ``unit``.
    missing_values
        Cells without a value, in samples that there are.
    inertial
        Names of inertial channels.
    """

    sensors: int
    layout: str
    unit: str
    rate_hz: float
    areas: bool
    samples: int
    missing: int
    gaps: int
    longest_gap_s: float
    from_s: float
    to_s: float
    lowest: float
    highest: float
    missing_values: int
    inertial: tuple[str, ...]


@dataclass(frozen=True)
class Description:
    """What was understood of a file.

    Attributes
    ----------
    name, sha256
        The file.
    format, title, device
        The format's stable name and its words for people; what recorded it.
    started_at
        Aware UTC; None where the file gives no date.
    duration_s
        From the first sample of either foot to the end of the last.
    feet
        By side.
    subject_code, condition, task, body_mass_kg
        What the file says of them.
    events
        How many of each the maker's software marked.
    warnings
        What had to be judged, and what is missing.
    not_understood
        Columns or parts that are not imported.
    """

    name: str
    sha256: str
    format: str
    title: str
    device: str
    started_at: datetime | None
    duration_s: float
    feet: dict[str, FootDescription]
    subject_code: str
    condition: str
    task: str
    body_mass_kg: float | None
    events: dict[str, int]
    warnings: tuple[str, ...]
    not_understood: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """All of it in plain types, for JSON; the start in ISO 8601."""
        start = None if self.started_at is None else self.started_at.isoformat()
        return {**asdict(self), "started_at": start}


def describe(understood: Understood) -> Description:
    """Say what was understood of a file.

    Parameters
    ----------
    understood
        From ``ingest.files.understand``.
    """
    recording = understood.recording
    about = recording.about
    texts = [event.text for event in understood.events]
    return Description(
        name=about.source_name,
        sha256=about.source_sha256,
        format=understood.format.name,
        title=understood.format.title,
        device=about.device,
        started_at=None if recording.started_at == NO_DATE else recording.started_at,
        duration_s=recording.duration_s,
        feet={str(side): _foot(foot) for side, foot in recording.feet.items()},
        subject_code=about.subject_code,
        condition=about.condition,
        task=about.task,
        body_mass_kg=about.body_mass_kg,
        events={text: texts.count(text) for text in dict.fromkeys(texts)},
        warnings=about.notes,
        not_understood=understood.unread,
    )


def _foot(foot: FootStream) -> FootDescription:
    lost = np.diff(foot.sample) - 1
    blank = int(np.isnan(foot.values).sum()) if foot.values.dtype.kind == "f" else 0
    return FootDescription(
        sensors=foot.layout.n_sensors,
        layout=foot.layout.title,
        unit=str(foot.unit),
        rate_hz=foot.rate_hz,
        areas=not bool(np.isnan(foot.layout.area_mm2).any()),
        samples=len(foot.sample),
        missing=foot.missing_samples,
        gaps=int(np.count_nonzero(lost)),
        longest_gap_s=float(lost.max(initial=0)) / foot.rate_hz,
        from_s=float(foot.time_s[0]),
        to_s=float(foot.time_s[-1]),
        lowest=float(np.nanmin(foot.values)),
        highest=float(np.nanmax(foot.values)),
        missing_values=blank,
        inertial=foot.inertial_channels,
    )
