"""Turn recordings and reports into pages. Knows templates and words, nothing of HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.protocol import protocols
from dashboards import language, words
from dashboards.downloads import downloads
from dashboards.figure import figures
from dashboards.guiding import protocol_title
from dashboards.language import N_, _
from dashboards.quality import quality
from dashboards.regions import region_table
from dashboards.standing import stance_width
from dashboards.summary import summary
from dashboards.table import grouped
from dashboards.tiles import tiles
from insole.recording import Side

if TYPE_CHECKING:
    from analysis.recipe import Study
    from insole.report import Report
    from insole.store import Info

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"

SPEEDS = (0.25, 0.5, 1)
"""How fast the map plays, as parts of real time."""

CONDITIONS = {
    "": N_("Not said"),
    "barefoot": N_("Barefoot"),
    "shoe": N_("Shoe"),
    "orthosis A": N_("Orthosis A"),
    "orthosis B": N_("Orthosis B"),
}
TASKS = {"walking": N_("Walking"), "standing": N_("Standing"), "running": N_("Running"), "": N_("Another")}
"""What the live page offers: as stored, and as said."""

INTENDED_USE = N_("For research and education. Not for diagnosis.")


@cache
def environment() -> Environment:
    """The templates, with HTML escaping on and missing names an error."""
    env = Environment(
        loader=FileSystemLoader(HERE / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(_, language.ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(plotly_version=version("plotly"), software_version=version_of_insole(), downloads=downloads)
    env.globals.update(
        language=language.spoken,
        script_words=language.script_words,
        intended_use=lambda: _(INTENDED_USE),
        downloads=downloads,
    )
    env.filters.update(
        number=words.number, duration=words.duration, when=words.when, dated=words.dated, label=words.label
    )
    env.filters.update(
        unit=words.unit, feet=words.feet, sentence=words.sentence, region=words.region, severity=words.severity
    )
    env.filters.update(side_name=words.side_name, signed=words.signed, whole=words.whole)
    return env


def version_of_insole() -> str:
    """The installed version of this project; ``not installed`` where it runs from a bare source tree."""
    try:
        return version("insole")
    except PackageNotFoundError:
        return "not installed"


def recording_page(info: Info, study: Study) -> str:
    """One recording: its numbers now, its figures as the page's script fetches them."""
    report = study.report
    return (
        environment()
        .get_template("recording.html")
        .render(
            info=info,
            report=report,
            summary=summary(report),
            tiles=tiles(report),
            stance=(stance := stance_width(study)),
            query=stance.query if stance else "",
            quality=quality(study),
            parts_of_page=drawn(study),
            table=region_table(study),
            groups=grouped(report),
            provenance=provenance(info, report),
            columns=(*Side, None),
            speeds=SPEEDS,
            here="recording",
        )
    )


@dataclass(frozen=True)
class Drawn:
    """A figure as the page shows it: its words in the reader's language."""

    name: str
    title: str
    alt: str
    note: str
    wide: bool


def drawn(study: Study) -> dict[str, list[Drawn]]:
    """The figures by the part of the page they stand in; none where nothing was measured."""
    parts: dict[str, list[Drawn]] = {}
    for f in figures().values() if study.walk.feet else ():
        note = _(f.note) if f.note else ""
        parts.setdefault(f.part, []).append(Drawn(f.name, _(f.title), f.alt(study), note, f.wide))
    return parts


def live_page() -> str:
    """The live view; its script asks the server for everything else."""
    return (
        environment()
        .get_template("live.html")
        .render(
            here="live",
            sides=tuple(Side),
            conditions=[(value, _(name)) for value, name in CONDITIONS.items()],
            tasks=[(value, _(name)) for value, name in TASKS.items()],
            protocols=[(name, protocol_title(protocol)) for name, protocol in protocols().items()],
        )
    )


def problem_page(status: int, title: str, text: str) -> str:
    """An error in plain words."""
    return environment().get_template("problem.html").render(status=status, title=title, text=text, here="")


def provenance(info: Info, report: Report) -> list[tuple[str, str]]:
    """Where the numbers come from: pairs of what and which, for one line under the page."""
    options = report.software.get("options", {})
    lines = [(_("Calibration"), calibration(report))]
    lines.append((_("Zero"), _("taken in swing") if options.get("zero", True) else _("as measured")))
    named = {"algorithm": _("Algorithm"), "python": "Python", "numpy": "NumPy"}
    lines += [(named.get(key, key), str(value)) for key, value in report.software.items() if key != "options"]
    if info.about.source_name:
        lines.append((_("Source"), info.about.source_name))
    if info.about.source_sha256:
        lines.append(("SHA-256", info.about.source_sha256))
    return lines


def calibration(report: Report) -> str:
    """Which calibration made the counts into kPa, by its id and date; or why there is none."""
    said = {side: _calibration_of(foot) for side, foot in report.recording.get("feet", {}).items()}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"{words.side_name(Side(side))}: {text}" for side, text in said.items()) or _("not calibrated")


def _calibration_of(foot: dict[str, Any]) -> str:
    if foot["calibration"]:
        return _("{id} of {date}").format(id=foot["calibration"]["id"], date=foot["calibration"]["made_on"])
    if foot["unit"] == "counts":
        return _("not calibrated")
    return _("none needed, the source gives {unit}").format(unit=foot["unit"])
