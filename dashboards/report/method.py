"""How the numbers came about, and what they cannot tell."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, TypeVar

from dashboards.language import N_, _, ngettext
from dashboards.report.type import line, named, shown
from dashboards.words import number, sentence
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from analysis.recipe import Study
    from insole.report import Report

T = TypeVar("T")

WHERE = N_("Formulas, thresholds and their sources: its docs/clinical-method.md.")

MARKS = {"exclude": N_("exclude"), "step": N_("step"), "standing": N_("standing"), "note": N_("note")}
"""Kinds of marks, as they are said."""

SEVERITIES = {"info": N_("Info"), "watch": N_("Watch"), "flag": N_("Flag")}
"""How a finding's severity is said in a word."""


def made_by(report: Report) -> str:
    """The software in a few words, for the foot line."""
    said = _("insole {version}, algorithm {algorithm}")
    return said.format(version=report.software["insole"], algorithm=report.software["algorithm"])


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
    of = _("{what} of {letters}")
    heads = [of.format(what=name, letters=whose) if whose else name for (name, _text), whose in found]
    lines = [named(f"{head}.", text) for head, ((_name, text), _whose) in zip(heads, found, strict=True)]
    return [line(_("Method"), "head"), *lines]


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
    yield _("Software"), f"{', '.join((made_by(report), *versions))}. {_(WHERE)}"
    yield _("Options"), sentence(_options(report))
    marks = software["options"]["marks"]
    if marks:
        yield _("Marks"), sentence("; ".join(_mark(mark) for mark in marks))
    for side in Side:
        foot = report.recording["feet"].get(side)
        if foot is not None:
            yield _("Left insole") if side is Side.LEFT else _("Right insole"), sentence(_insole(foot))
    if about.source_name or about.source_sha256:
        name, sha256 = about.source_name or _("a file"), about.source_sha256 or _("not known")
        yield _("Source"), _("{name}, SHA-256 {sha256}.").format(name=name, sha256=sha256)
    elif report.recording["id"]:
        yield _("Source"), _("recording {id}.").format(id=report.recording["id"])
    else:
        yield _("Source"), _("recording without an id.")
    if about.notes:
        yield _("Notes"), " ".join(sentence(note) for note in about.notes)


def _options(report: Report) -> str:
    options = report.software["options"]
    zero = _("what sensors read in swing is taken off") if options["zero"] else _("values as measured")
    width = options["stance_width_mm"]
    return zero if width is None else _("{zero}; stance width {mm} mm").format(zero=zero, mm=number(width))


def _mark(mark: Mapping[str, Any]) -> str:
    if not mark["side"]:
        text = _("{kind} {start} to {stop} s")
    elif mark["side"] == Side.LEFT:
        text = _("{kind} {start} to {stop} s on the left")
    else:
        text = _("{kind} {start} to {stop} s on the right")
    return text.format(kind=_(MARKS[mark["kind"]]), start=f"{mark['start_s']:g}", stop=f"{mark['stop_s']:g}")


def _insole(foot: Mapping[str, Any]) -> str:
    text = ngettext(
        "layout {layout}, {n} sensor, {rate} samples a second, in {unit}, regions {regions}",
        "layout {layout}, {n} sensors, {rate} samples a second, in {unit}, regions {regions}",
        foot["sensors"],
    ).format(
        layout=foot["layout"],
        n=foot["sensors"],
        rate=f"{foot['rate_hz']:g}",
        unit=foot["unit"],
        regions=foot["mask"] or _("none"),
    )
    given = foot["calibration"]
    if given is None:
        return text
    return _("{insole}; calibrated by: {method}").format(insole=text, method=given["method"] or _("not said"))


def findings_box(report: Report) -> list[Any]:
    """Values beyond cited thresholds; empty unless they were asked for and there are some."""
    if not report.findings:
        return []
    evidence = _("Evidence: {strength}.")
    said = [
        named(f"{_(SEVERITIES[f.severity])}.", f"{f.text} {evidence.format(strength=f.evidence)} {f.source}.")
        for f in report.findings
    ]
    return [line(_("Findings"), "head"), *said]


def limits_box(studies: Sequence[Study], letters: str = "") -> list[Any]:
    """Everything that makes a number missing or less sure, once each; ``letters`` as for ``method_box``."""
    found = _once([[c.text for c in study.report.caveats] for study in studies], letters)
    lines = [line(f"• {f'{whose}: ' if whose else ''}{sentence(text)}", "small") for text, whose in found]
    return [line(_("Limits"), "head"), *lines] if lines else []


def subject(study: Study) -> str:
    """Whose recording it is, when and how, for the line above later pages."""
    about = study.walk.about
    return shown("  ·  ".join(part for part in (about.subject_code, about.condition, about.task) if part))
