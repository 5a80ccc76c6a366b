"""The recordings that a request asks to be held against each other, and by what they are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Query

from analysis.mdc import own_of
from dashboards.comparing import compared
from insole.errors import AnalysisError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.mdc import OwnMdc
    from analysis.recipe import Study
    from api.studies import Studies
    from dashboards.comparing import Compared
    from insole.store import Info, Store

MOST_BASELINES = 20
"""Own baselines in one request: ten pairs, twice what a verdict without a caveat needs (our judgement)."""

OwnBaselines = Annotated[
    list[str] | None,
    Query(
        max_length=MOST_BASELINES,
        description="Two recordings of the baseline's condition and task, the insoles taken out in between: what "
        "differs between them is what does not count as a change. Four make two pairs, and so on",
    ),
]


def conditions(
    recordings: Sequence[str], store: Store, studies: Studies, baselines: Sequence[str] = ()
) -> tuple[list[Info], Compared]:
    """Recordings and their comparison; the first is the baseline.

    Parameters
    ----------
    recordings
        Two to four ids.
    baselines
        Ids of own baselines, as for ``own_baselines``.

    Raises
    ------
    NotFoundError
        If there is no such recording.
    AnalysisError
        If there are too few or too many, one is named twice, or one is still being made; and as ``own_baselines``.
    """
    if len(set(recordings)) < len(recordings):
        raise AnalysisError("a recording is named twice; a comparison is of different recordings")
    infos = [store.info(recording_id) for recording_id in recordings]
    own = own_baselines(infos, baselines, store, studies)
    return infos, compared([whole(info, studies) for info in infos], own)


def own_baselines(infos: Sequence[Info], baselines: Sequence[str], store: Store, studies: Studies) -> OwnMdc | None:
    """What counts as a change, by the subject's own repeats of the baseline.

    Parameters
    ----------
    infos
        The recordings that are compared; the first is the baseline, and may be one of its own repeats.
    baselines
        Ids: the first two are a pair, the next two, and so on. None without any.

    Raises
    ------
    NotFoundError
        If there is no such recording.
    AnalysisError
        If one is not a repeat of the baseline, is judged itself, is named twice or has no partner, or if two are
        not repeats of each other (``analysis.mdc.own_mdc``).
    """
    if len(set(baselines)) < len(baselines):
        raise AnalysisError(
            "an own baseline is named twice; a pair is of two recordings, the insoles taken out between"
        )
    repeats = [store.info(recording_id) for recording_id in baselines]
    for info in repeats:
        if info.id in {other.id for other in infos[1:]}:
            raise AnalysisError(f"{_said(info)} is judged in this comparison, so it cannot be one of its own baselines")
        if not repeats_of(infos[0], info):
            raise AnalysisError(
                f"{_said(info)} is no repeat of the baseline, which is {_said(infos[0])}; "
                "choose recordings of its subject, condition and task"
            )
        if info.state == "recording":
            raise AnalysisError(f"{_said(info)} is still being made; stop it first")
    return own_of([studies.report(info) for info in repeats])


def repeats_of(first: Info, info: Info) -> bool:
    """Whether a recording is of the same subject, condition and task as the baseline."""
    return _kind(first) == _kind(info)


def offered(infos: Sequence[Info], store: Store) -> list[Info]:
    """Recordings that may be own baselines, the oldest first: the baseline and its repeats; none if it has none.

    Parameters
    ----------
    infos
        The recordings that are compared; those but the first are not offered.
    """
    first, *others = infos
    if first.subject_id is None:
        return []
    judged = {info.id for info in others}
    found = [
        info
        for info in reversed(store.list(subject_id=first.subject_id))
        if info.state == "sealed" and info.id not in judged and repeats_of(first, info)
    ]
    return found if len(found) > 1 else []


def _kind(info: Info) -> tuple[str, str, str]:
    about = info.about
    return about.subject_code, about.condition.strip().casefold(), about.task.strip().casefold()


def _said(info: Info) -> str:
    about = info.about
    parts = (about.subject_code, about.condition, about.task)
    return f"recording {info.id} ({', '.join(part for part in parts if part) or 'nothing is said of it'})"


def whole(info: Info, studies: Studies, *, stance_width_mm: float | None = None) -> Study:
    """The study of a recording that has been stopped; ``stance_width_mm`` as of ``Studies.get``.

    Raises
    ------
    AnalysisError
        If it is still being made.
    """
    if info.state == "recording":
        raise AnalysisError("this recording is still being made; its report can be had once it has been stopped")
    return studies.get(info, stance_width_mm=stance_width_mm)
