"""What was understood of files, as a page of text on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.files.describe import Description, FootDescription


def lines(found: Description) -> Iterator[str]:
    """Say what was understood of a file, line by line."""
    yield f"{found.name}: {found.title}"
    yield f"  device      {found.device}"
    start = "not in the file" if found.started_at is None else f"{found.started_at:%Y-%m-%d %H:%M:%S} UTC"
    yield f"  started     {start}"
    yield f"  duration    {found.duration_s:.2f} s"
    for label, value in (("subject", found.subject_code), ("condition", found.condition), ("task", found.task)):
        if value:
            yield f"  {label:<11} {value}"
    for side, foot in found.feet.items():
        yield f"  {side:<11} {_foot(foot)}"
        yield from (f"{'':14}{line}" for line in _details(foot))
    if found.events:
        yield f"  marked      {', '.join(f'{n} × {what}' for what, n in found.events.items())}"
    if found.not_understood:
        yield f"  not read    {', '.join(found.not_understood)}"
    yield from (f"  note        {note}" for note in found.warnings)
    yield f"  SHA-256     {found.sha256}"


def _foot(foot: FootDescription) -> str:
    return f"{foot.layout}: {foot.sensors} sensors in {foot.unit} at {foot.rate_hz:g} Hz, {foot.samples} samples"


def _details(foot: FootDescription) -> Iterator[str]:
    yield f"{foot.from_s:.3f} to {foot.to_s:.3f} s; values {foot.lowest:g} to {foot.highest:g} {foot.unit}"
    if foot.missing:
        yield f"{foot.missing} samples missing in {foot.gaps} gaps, the longest {foot.longest_gap_s:.3f} s"
    if foot.missing_values:
        yield f"{foot.missing_values} values missing"
    if not foot.areas:
        yield "areas of the sensors are not known"
    if foot.inertial:
        yield f"inertial: {', '.join(foot.inertial)}"
