"""BIDS-Motion: each insole a tracking system of its own, raw, as ``insole import`` reads it (``docs/formats.md``).

(BIDS 1.9, Motion; Jeung et al. 2024, doi 10.1038/s41597-024-03559-8.)
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from insole.calibration import calibration_to_dict
from insole.export._exporter import Choice, Exporter, OutFile
from insole.export._samples import values_of
from insole.export._text import RUN, Column, large_table
from insole.layout import layout_to_dict
from insole.recording import channel_unit, sensor_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from insole.export._outgoing import Outgoing, Place, Summary
    from insole.recording import FootMeta, Side

TYPES = {"acc": "ACCEL", "linacc": "ACCEL", "grav": "ACCEL", "gyro": "GYRO", "quat": "ORNT", "mag": "MAGN"}
"""Type of a channel by what it measures; BIDS has none for pressure or force, so those are MISC."""
BIDS_VERSION = "1.10.0"
MISSING = "n/a"


def files(outgoing: Outgoing, _choice: Choice) -> Iterator[OutFile]:
    """Of each foot its samples, channels and description; the marks if there are any."""
    place = outgoing.place
    task = _word(outgoing.sheet.about.task) or "unknown"
    folder = f"{_subject(place)}/{_session(place)}/motion"
    stem = f"{folder}/{_subject(place)}_{_session(place)}_task-{task}"
    run = f"run-{place.run:02d}"
    for side, meta in outgoing.metas.items():
        name = f"{stem}_tracksys-{side}insole_{run}"
        samples = partial(_samples, outgoing, side)
        yield OutFile(f"{name}_motion.tsv", samples, may_be_large=outgoing.may_be_large)
        yield _text(f"{name}_channels.tsv", _table([CHANNELS, *channels(side, meta)]))
        yield _text(f"{name}_motion.json", _json(_described(outgoing, side, task)))
    if outgoing.sheet.marks:
        yield _text(f"{stem}_{run}_events.tsv", _events(outgoing))


def index(summaries: Sequence[Summary], _choice: Choice) -> Iterator[OutFile]:
    """What a data set has once: its description and its participants."""
    about = {"Name": "insole recordings", "BIDSVersion": BIDS_VERSION, "DatasetType": "raw"}
    yield _text("dataset_description.json", _json(about))
    people = {_subject(summary.place): summary.sheet.about.subject_code for summary in summaries}
    yield _text("participants.tsv", _table([("participant_id", "code"), *people.items()]))
    yield _text("participants.json", _json({"code": {"Description": "the subject's code, as in the store"}}))


CHANNELS = ("name", "component", "type", "tracked_point", "units", "sampling_frequency")


def channels(side: Side, meta: FootMeta) -> Iterator[tuple[str, ...]]:
    """Rows of a channels table: time, sample number, sensors, inertial channels."""
    rate, point = f"{meta.rate_hz!r}", f"{side}_foot"
    yield ("latency", MISSING, "LATENCY", MISSING, "s", rate)
    yield ("sample", MISSING, "MISC", MISSING, MISSING, rate)
    for name in sensor_columns(meta):
        yield (name.partition("_")[0], MISSING, "MISC", point, str(meta.unit), rate)
    for name in meta.inertial:
        quantity, axis, *_ = name.split("_")
        yield (name, axis, TYPES.get(quantity, "MISC"), point, channel_unit(name) or MISSING, rate)


def _samples(outgoing: Outgoing, side: Side) -> Iterator[bytes]:
    """A line for each sample, without a header."""
    meta = outgoing.metas[side]
    columns = [Column(name, "", "") for name in ("time_s", "sample", *sensor_columns(meta), *meta.inertial)]
    batches = ({"time_s": foot.time_s, "sample": foot.sample, **values_of(foot)} for foot in outgoing.blocks(side))
    return large_table(columns, batches, Choice(), header=False, delimiter="\t", missing=MISSING)


def _described(outgoing: Outgoing, side: Side, task: str) -> dict[str, Any]:
    sheet, meta = outgoing.sheet, outgoing.metas[side]
    about = sheet.about
    own = {
        "Side": str(side),
        "Layout": layout_to_dict(meta.layout),
        "SubjectCode": about.subject_code,
        "Condition": about.condition,
        "BodyMassKg": about.body_mass_kg,
        "Saturation": meta.saturation,
        "Calibration": None if meta.calibration is None else calibration_to_dict(meta.calibration),
        "Day": sheet.day,
        "StartTime": None if sheet.started_at is None else sheet.started_at.isoformat(),
    }
    return {
        "TaskName": about.task or task,
        "SamplingFrequency": meta.rate_hz,
        "TrackingSystemName": f"{side}insole",
        "ManufacturersModelName": about.device,
        "MotionChannelCount": meta.layout.n_sensors + len(meta.inertial) + 2,
        "PlantarPressure": {key: value for key, value in own.items() if value is not None},
    }


def _events(outgoing: Outgoing) -> str:
    head = ("onset", "duration", "trial_type", "side", "text")
    rows = [
        (repr(m.start_s), repr(m.stop_s - m.start_s), str(m.kind), str(m.side or MISSING), m.text or MISSING)
        for m in outgoing.sheet.marks
    ]
    return _table([head, *rows])


def _table(rows: Sequence[Sequence[str]]) -> str:
    return "".join("\t".join(_cell(cell) for cell in row) + "\n" for row in rows)


def _cell(text: str) -> str:
    """Text without what would end its cell, and that no spreadsheet takes for a formula; numbers as they are."""
    flat = " ".join(text.split()) or MISSING
    is_number = re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", flat)
    return f"'{flat}" if flat.startswith(RUN) and not is_number else flat


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _text(name: str, text: str) -> OutFile:
    return OutFile(name, lambda: iter([text.encode()]))


def _subject(place: Place) -> str:
    return f"sub-{_word(place.subject) or 'unknown'}"


def _session(place: Place) -> str:
    when = place.date or ("" if place.day is None else f"day{place.day:03d}")
    return f"ses-{_word(when) or 'unknown'}"


def _word(text: str) -> str:
    """Letters and figures alone, as BIDS wants its labels."""
    return re.sub(r"[^A-Za-z0-9]", "", text)


EXPORTER = Exporter(name="bids", title="BIDS-Motion (a folder of files)", suffix="", files=files, index=index)
