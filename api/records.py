"""What goes over the wire of subjects, visits, marks, the bin and changes of recordings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from api.schemas import Wire

Kind = Literal["exclude", "step", "standing", "note"]
SideName = Literal["left", "right"]


def _day(value: Any) -> Any:
    """A day as JSON has it; anything else is left for the check that follows."""
    return date.fromisoformat(value) if isinstance(value, str) else value


Day = Annotated[date | None, BeforeValidator(_day)]


class SubjectIn(Wire):
    """A new subject, or what of one is to change: what is left out stays as it is."""

    code: str = ""
    body_mass_kg: float | None = None
    shoe_size_eu: float | None = None
    notes: str = ""


class SubjectOut(Wire):
    """A subject."""

    id: str
    code: str
    body_mass_kg: float | None
    shoe_size_eu: float | None
    notes: str


class VisitIn(Wire):
    """A new visit."""

    subject_id: str
    date: Day = None
    notes: str = ""


class VisitChange(Wire):
    """What of a visit is to change: what is left out stays as it is."""

    subject_id: str = ""
    date: Day = None
    notes: str = ""


class VisitOut(Wire):
    """A visit."""

    id: str
    subject_id: str
    date: date | None
    notes: str


class MarkIn(Wire):
    """A new mark."""

    kind: Kind
    start_s: float
    stop_s: float
    side: SideName | None = None
    text: str = ""


class MarkOut(Wire):
    """A mark; ``event`` is one that came with a file."""

    id: str
    kind: Literal["exclude", "step", "standing", "note", "event"]
    start_s: float
    stop_s: float
    side: SideName | None = None
    text: str = ""


class RecordingChange(Wire):
    """What of a recording is to change: what is left out stays as it is. A note is added to those there.

    ``visit_date`` goes with ``subject_code``: left out, it is the recording's day.
    """

    condition: str = ""
    task: str = ""
    body_mass_kg: float | None = None
    note: str = ""
    visit_id: str = ""
    subject_code: str = ""
    visit_date: Day = None


class BinnedOut(Wire):
    """Something in the bin; ``with_it`` counts the visits and recordings that went along."""

    kind: str
    id: str
    name: str
    deleted_at: datetime
    kept_until: datetime
    with_it: int
    recording_id: str | None
    subject_code: str
    condition: str


class Wanted(Wire):
    """Which value a trend is of."""

    value: str
    side: SideName | None = None
    region: str | None = None
    variant: str | None = None


class TrendPoint(Wire):
    """A value in one recording."""

    recording_id: str
    visit_id: str | None
    date: date | None
    started_at: datetime
    condition: str
    task: str
    value: float
    sd: float | None
    n_steps: int | None


class TrendGap(Wire):
    """A recording in which it was not measured, and why."""

    recording_id: str
    visit_id: str | None
    date: date | None
    condition: str
    task: str
    why: str


class TrendOut(Wire):
    """A value over a subject's recordings, the first one first."""

    name: str
    unit: str
    side: SideName | None
    region: str | None
    variant: str | None
    points: list[TrendPoint]
    without: list[TrendGap]


class CompareOut(Wire):
    """A recording held against the baseline: in sentences, and row by row as the command line gives it."""

    recording: str
    sentences: list[str]
    comparison: dict[str, Any]


class ComparisonsOut(Wire):
    """Recordings held against the first."""

    baseline: str
    comparisons: list[CompareOut]


class UploadedFoot(Wire):
    """What was understood of a foot."""

    sensors: int
    layout: str
    unit: str
    rate_hz: float
    samples: int
    missing: int


class UploadOut(Wire):
    """A file that was understood, and the token by which it is stored or forgotten."""

    token: str
    valid_until: datetime
    name: str
    sha256: str
    format: str
    started_at: datetime | None
    duration_s: float
    feet: dict[str, UploadedFoot]
    condition: str
    task: str
    body_mass_kg: float | None
    subject_code: str
    warnings: list[str]
    stored_as: str | None


class RefusedOut(Wire):
    """A file that was not understood, and why."""

    name: str
    detail: str


class UploadsOut(Wire):
    """What became of each file."""

    files: list[UploadOut]
    refused: list[RefusedOut]


class PairsIn(Wire):
    """Files that were understood, by their tokens."""

    tokens: list[str] = Field(max_length=64)


class PairOut(Wire):
    """One recording of two files, and the tokens of those two, which are not valid any more."""

    of: tuple[str, str]
    file: UploadOut


class PairsOut(Wire):
    """Which of the files are one walk."""

    pairs: list[PairOut]


class StoreIn(Wire):
    """What a person says of an uploaded file; what is left out is as the file has it."""

    subject_code: str = ""
    condition: str = ""
    task: str = ""
    body_mass_kg: float | None = None
    visit_date: Day = None


class StoredOut(Wire):
    """The recording that a file became."""

    id: str
