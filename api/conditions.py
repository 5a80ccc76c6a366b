"""The recordings that a request asks to be held against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.comparing import compared
from insole.errors import AnalysisError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.recipe import Study
    from api.studies import Studies
    from dashboards.comparing import Compared
    from insole.store import Info, Store


def conditions(recordings: Sequence[str], store: Store, studies: Studies) -> tuple[list[Info], Compared]:
    """Recordings and their comparison; the first is the baseline.

    Parameters
    ----------
    recordings
        Two to four ids.

    Raises
    ------
    NotFoundError
        If there is no such recording.
    AnalysisError
        If there are too few or too many, one is named twice, or one is still being made.
    """
    if len(set(recordings)) < len(recordings):
        raise AnalysisError("a recording is named twice; a comparison is of different recordings")
    infos = [store.info(recording_id) for recording_id in recordings]
    return infos, compared([whole(info, studies) for info in infos])


def whole(info: Info, studies: Studies) -> Study:
    """The study of a recording that has been stopped.

    Raises
    ------
    AnalysisError
        If it is still being made.
    """
    if info.state == "recording":
        raise AnalysisError("this recording is still being made; its report can be had once it has been stopped")
    return studies.get(info)
