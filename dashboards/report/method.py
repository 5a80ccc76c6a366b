"""How the numbers came about, and what they cannot tell."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, TypeVar

from dashboards.report.type import line, named, shown
from dashboards.words import number, sentence
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from analysis.recipe import Study
    from insole.report import Report

T = TypeVar("T")

WHERE = "Formulas, thresholds and their sources: its docs/clinical-method.md."


def made_by(report: Report) -> str:
    """The software in a few words, for the foot line."""
    return f"insole {report.software['insole']}, algorithm {report.software['algorithm']}"


def method_box(studies: Sequence[Study], letters: str = "") -> list[Any]:
    """A named line each for software, options, marks, insoles, source and notes.

    Parameters
    ----------
    studies
        One, or the conditions of a comparison.
    letters
        Names of the conditions: what is not of all of them says whose it is.
    """
    found = _once([list(_lines(study)) for study in studies], letters)
    lines = [named(f"{name}{f' of {whose}' if whose else ''}.", text) for (name, text), whose in found]
    return [line("Method", "head"), *lines]


def _once(lists: Sequence[Sequence[T]], letters: str) -> list[tuple[T, str]]:
    """Each entry of several lists once, and of which lists it is; nothing where it is of all."""
    whose: dict[T, str] = {}
    for letter, entries in zip_longest(letters[: len(lists)] or "A", lists):
        for entry in entries:
            whose[entry] = f"{whose[entry]}, {letter}" if entry in whose else str(letter)
    every = len(lists)
    return [(entry, "" if text.count(",") + 1 == every else text) for entry, text in whose.items()]


def _lines(study: Study) -> Iterator[tuple[str, str]]:
    report, about = study.report, study.walk.about
    software = report.software
    versions = (f"Python {software['python']}", f"numpy {software['numpy']}")
    yield "Software", f"{', '.join((made_by(report), *versions))}. {WHERE}"
    yield "Options", sentence(_options(report))
    marks = software["options"]["marks"]
    if marks:
        yield "Marks", sentence("; ".join(_mark(mark) for mark in marks))
    for side in Side:
        foot = report.recording["feet"].get(side)
        if foot is not None:
            yield f"{side.capitalize()} insole", sentence(_insole(foot))
    if about.source_name or about.source_sha256:
        yield "Source", f"{about.source_name or 'a file'}, SHA-256 {about.source_sha256 or 'not known'}."
    else:
        yield "Source", f"recording {report.recording['id'] or 'without an id'}."
    if about.notes:
        yield "Notes", " ".join(sentence(note) for note in about.notes)


def _options(report: Report) -> str:
    options = report.software["options"]
    zero = "what sensors read in swing is taken off" if options["zero"] else "values as measured"
    width = options["stance_width_mm"]
    return zero if width is None else f"{zero}; stance width {number(width)} mm"


def _mark(mark: Mapping[str, Any]) -> str:
    side = f" on the {mark['side']}" if mark["side"] else ""
    return f"{mark['kind']} {mark['start_s']:g} to {mark['stop_s']:g} s{side}"


def _insole(foot: Mapping[str, Any]) -> str:
    sensors = "1 sensor" if foot["sensors"] == 1 else f"{foot['sensors']} sensors"
    text = f"layout {foot['layout']}, {sensors}, {foot['rate_hz']:g} samples a second, in {foot['unit']}"
    text += f", regions {foot['mask'] or 'none'}"
    given = foot["calibration"]
    return text if given is None else f"{text}; calibrated by: {given['method'] or 'not said'}"


def findings_box(report: Report) -> list[Any]:
    """Values beyond cited thresholds; empty unless they were asked for and there are some."""
    if not report.findings:
        return []
    said = [
        named(f"{f.severity.capitalize()}.", f"{f.text} Evidence: {f.evidence}. {f.source}.") for f in report.findings
    ]
    return [line("Findings", "head"), *said]


def limits_box(studies: Sequence[Study], letters: str = "") -> list[Any]:
    """Everything that makes a number missing or less sure, once each; ``letters`` as for ``method_box``."""
    found = _once([[c.text for c in study.report.caveats] for study in studies], letters)
    lines = [line(f"• {f'{whose}: ' if whose else ''}{sentence(text)}", "small") for text, whose in found]
    return [line("Limits", "head"), *lines] if lines else []


def subject(study: Study) -> str:
    """Whose recording it is, when and how, for the line above later pages."""
    about = study.walk.about
    return shown("  ·  ".join(part for part in (about.subject_code, about.condition, about.task) if part))
