"""The page that holds two to four recordings against the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from analysis.compare import Verdict
from analysis.sentences import told
from analysis.wording import upper_first
from dashboards import words
from dashboards.comparetable import groups, unchanged
from dashboards.comparing import LETTERS, comparison_figures, named
from dashboards.language import N_, _
from dashboards.render import calibration, environment
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.compare import Comparison
    from analysis.recipe import Study
    from analysis.sentences import Told
    from dashboards.comparetable import Group
    from dashboards.comparing import Compared
    from insole.report import Caveat
    from insole.store import Info

TO_DO = {
    "other_subject": N_("Consider choosing recordings of one person; a change is a change of one person."),
    "other_algorithm": N_("Consider loading this page again: both recordings are then analysed by this version."),
    "no_common_foot": N_("Consider recording both conditions with the same foot, or with both feet."),
    "too_few_steps": N_("Consider recording a longer walk: twelve steps of each foot, better twenty."),
    "no_cadence": N_("Consider recording a walk; without steps of both feet there is no cadence."),
    "other_cadence": N_("Consider walking again at the baseline's cadence, for example with a metronome."),
    "other_zeroing": N_("Consider analysing both with the same choice of zero."),
    "other_layout": N_("Consider recording both conditions with the same insoles."),
    "other_unit": N_("Consider recording both conditions with insoles that are calibrated alike."),
    "other_calibration": N_("Consider recording both conditions with one calibration of the insoles."),
    "other_mask": N_("Consider dividing both into the same regions."),
}
"""What can be done about a refusal, by its code."""


FIRST_SAID = 10
"""Changes that are said in words before one asks for more: by own baselines they may be hundreds (our judgement)."""


@dataclass(frozen=True)
class Condition:
    """The head of one condition.

    Attributes
    ----------
    letter, info
        Which one, and its recording.
    steps, cadence, calibration
        As text.
    first
        Address of the page with this one as the baseline; empty for the baseline.
    without
        Address of the page without this one; empty where two would not remain.
    """

    letter: str
    info: Info
    steps: str
    cadence: str
    calibration: str
    first: str
    without: str


@dataclass(frozen=True)
class Against:
    """One condition against the baseline.

    Attributes
    ----------
    letter, title
        Which one.
    refusals
        Why something is not judged, and what to do about it.
    told
        The analysis' sentences.
    unchanged
        What was judged and did not change.
    groups
        The table.
    counts
        How many values changed, were judged, and are there.
    """

    letter: str
    title: str
    refusals: tuple[tuple[str, str], ...]
    told: Told
    unchanged: tuple[str, ...]
    groups: tuple[Group, ...]
    counts: dict[str, int]

    @property
    def show(self) -> str:
        """What the table shows first: what changed, or else all that was judged."""
        return "changed" if self.counts["changed"] else "judged"


@dataclass(frozen=True)
class Own:
    """The subject's own repeats of the baseline, by which differences may be judged.

    Attributes
    ----------
    offered
        Recordings to choose from, the baseline among them; empty where it has no repeat.
    asked
        Ids that were chosen.
    unfit
        Why they are not used; empty if they are.
    """

    offered: tuple[Info, ...] = ()
    asked: tuple[str, ...] = ()
    unfit: str = ""

    @property
    def used(self) -> tuple[str, ...]:
        """Ids by which the page judges."""
        return () if self.unfit else self.asked


NO_OWN = Own()


def compare_page(infos: Sequence[Info], compared: Compared, own: Own = NO_OWN) -> str:
    """The page of a comparison.

    Parameters
    ----------
    infos
        The recordings, in the order of the conditions.
    own
        Own baselines: what there is to choose from, and what was chosen.
    """
    ids = [info.id for info in infos]
    figures = [(figure, tuple(figure.plots(compared))) for figure in comparison_figures().values()]
    found = [_against(compared, letter, study, c) for letter, study, c in compared.others]
    sources = dict.fromkeys(line.source for a in found for g in a.groups for line in g.lines if line.source)
    return (
        environment()
        .get_template("compare.html")
        .render(
            conditions=[_condition(i, infos, study, own.used) for i, study in enumerate(compared.studies)],
            subjects=list(dict.fromkeys(info.about.subject_code for info in infos if info.about.subject_code)),
            against=found,
            views=[f for f in figures if f[0].view],
            figures=[f for f in figures if not f[0].view],
            sources={source: f"source-{i}" for i, source in enumerate(sources)},
            query=query(ids, own.used),
            chosen=query(ids),
            own=own,
            published=address(ids),
            swapped=address([ids[1], ids[0]]) if len(ids) == 2 else "",
            most=len(LETTERS),
            first_said=FIRST_SAID,
            here="recordings",
        )
    )


def choose_page(chosen: Sequence[str]) -> str:
    """What to do where there is nothing to compare yet."""
    return environment().get_template("compare_none.html").render(chosen=list(chosen), here="recordings")


def query(ids: Sequence[str], baselines: Sequence[str] = ()) -> str:
    """What asks for a comparison of these, judged by own baselines where there are some."""
    return urlencode([*(("recording", i) for i in ids), *(("baseline", i) for i in baselines)])


def address(ids: Sequence[str], baselines: Sequence[str] = ()) -> str:
    """Of the page that compares these; parameters as of ``query``."""
    return f"/compare?{query(ids, baselines)}"


def _condition(i: int, infos: Sequence[Info], study: Study, baselines: Sequence[str]) -> Condition:
    """Own baselines stay while the baseline stays: those of one condition say nothing of another."""
    ids = [info.id for info in infos]
    rest = [other for other in ids if other != ids[i]]
    cadence = study.report.get("cadence_spm")
    return Condition(
        letter=LETTERS[i],
        info=infos[i],
        steps=_steps(study),
        cadence="" if cadence is None else words.number(cadence.value, cadence.unit),
        calibration=calibration(study.report),
        first=address([ids[i], *rest]) if i else "",
        without=address(rest, baselines if i else ()) if len(rest) > 1 else "",
    )


def _steps(study: Study) -> str:
    """Steps used of each foot: ``left 24, right 25``."""
    found = ((side, study.report.get("steps_used_count", side=side)) for side in Side)
    return ", ".join(f"{words.side_name(side)} {value.value:.0f}" for side, value in found if value is not None)


def _against(compared: Compared, letter: str, study: Study, comparison: Comparison) -> Against:
    changed, same = (len(comparison.of(verdict)) for verdict in (Verdict.CHANGED, Verdict.NO_CHANGE))
    first = named("A", compared.studies[0])
    return Against(
        letter=letter,
        title=_("%(this)s against %(baseline)s") % {"this": named(letter, study), "baseline": first},
        refusals=tuple(_refusals(comparison.refusals)),
        told=told(comparison, label=_low, region=words.region),
        unchanged=tuple(unchanged(comparison)),
        groups=groups(comparison),
        counts={"changed": changed, "judged": changed + same, "all": len(comparison.rows)},
    )


def _refusals(found: Sequence[Caveat]) -> list[tuple[str, str]]:
    """Each refusal with what to do about it; the same advice once."""
    seen: set[str] = set()
    pairs = []
    for caveat in found:
        advice = "" if caveat.code in seen else TO_DO.get(caveat.code, "")
        seen.add(caveat.code)
        pairs.append((f"{upper_first(caveat.text)}.", _(advice) if advice else ""))
    return pairs


def _low(name: str) -> str:
    label = words.label(name)
    return label[:1].lower() + label[1:]
