"""Files that go with a table: its data dictionary, the marks, the recording's sheet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from insole.export._exporter import Choice, OutFile
from insole.export._text import Column, small_table
from insole.records import sheet_to_dict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from insole.export._outgoing import Outgoing, Summary

DICTIONARY = (
    Column("name", "", "column"),
    Column("unit", "", "its unit"),
    Column("meaning", "", "what it holds"),
)
MARKS = (
    Column("kind", "", "exclude, step, standing: what the numbers leave out or stand on; note, event: words"),
    Column("start_s", "s", "session time at which it begins"),
    Column("stop_s", "s", "session time at which it ends; a moment ends where it begins"),
    Column("side", "", "foot: left or right; empty is both"),
    Column("text", "", "what a person or a maker's software said"),
)
RECORDINGS = (
    Column("recording", "", "what its files are called"),
    Column("subject", "", "the subject's code"),
    Column("day", "d", "days since the subject's first recording"),
    Column("run", "", "number among the subject's recordings of that day"),
    Column("started_at", "", "when session second zero was (ISO 8601); empty where dates are withheld or unknown"),
    Column("condition", "", "such as shoe, orthosis A"),
    Column("task", "", "such as walking, standing"),
    Column("body_mass_kg", "kg", "body mass of that day"),
    Column("device", "", "what recorded it"),
    Column("duration_s", "s", "from the first sample of either foot to the end of the last"),
)


def dictionary(name: str, columns: Sequence[Column]) -> OutFile:
    """The data dictionary of a table: a row for each of its columns."""
    rows = [(column.name, column.unit, column.meaning) for column in columns]
    return OutFile(f"{name}.dictionary.csv", lambda: small_table(DICTIONARY, rows, Choice()))


def marks(outgoing: Outgoing, choice: Choice) -> Iterator[OutFile]:
    """What was marked, as a table; nothing where there is no mark."""
    found = outgoing.sheet.marks
    if found:
        rows = [(str(m.kind), m.start_s, m.stop_s, m.side and str(m.side), m.text) for m in found]
        yield OutFile(f"{outgoing.label}.marks.csv", lambda: small_table(MARKS, rows, choice))


def sheet(outgoing: Outgoing) -> OutFile:
    """All that is known besides the samples, as JSON; with it, ``insole import`` reads them back."""
    text = json.dumps(sheet_to_dict(outgoing.sheet), ensure_ascii=False, indent=1, allow_nan=False)
    return OutFile(f"{outgoing.label}.recording.json", lambda: iter([f"{text}\n".encode()]))


def recordings(summaries: Sequence[Summary], choice: Choice) -> Iterator[OutFile]:
    """A table of the recordings that leave together."""
    rows = [_row(summary) for summary in summaries]
    yield OutFile("recordings.csv", lambda: small_table(RECORDINGS, rows, choice))
    yield dictionary("recordings", RECORDINGS)


def _row(summary: Summary) -> tuple[object, ...]:
    sheet, about, place = summary.sheet, summary.sheet.about, summary.place
    start = sheet.started_at.isoformat() if sheet.started_at else None
    head = (summary.label, about.subject_code, place.day, place.run, start)
    return (*head, about.condition, about.task, about.body_mass_kg, about.device, summary.duration_s)
