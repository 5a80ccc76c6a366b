"""Published means that a recording's regions may be set beside: data in ``published/``, one file a study.

They say what was measured in other people with other insoles and shoes. They are no limits: nothing
on a page is called normal or abnormal by them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insole.report import Report

PUBLISHED = Path(__file__).resolve().parent / "published"


@dataclass(frozen=True)
class PublishedMeans:
    """What one study found.

    Attributes
    ----------
    name, short, source
        Stable name; in a few words; the citation.
    people
        Who and what was measured, in words.
    n
        How many people.
    platform
        Whether it was barefoot on a plate, or in the shoe.
    value, unit
        Which value of a report it is of.
    regions
        Mean and standard deviation between people, by region.
    """

    name: str
    short: str
    source: str
    people: str
    n: int
    platform: bool
    value: str
    unit: str
    regions: Mapping[str, tuple[float, float]]


@cache
def published() -> tuple[PublishedMeans, ...]:
    """Every study there is, by name."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted(PUBLISHED.glob("*.json"))]
    for of in found:
        of["regions"] = MappingProxyType({region: (mean, sd) for region, (mean, sd) in of["regions"].items()})
    return tuple(PublishedMeans(**of) for of in found)


def beside(report: Report, value: str) -> PublishedMeans | None:
    """The study that a report's regions may be set beside; None where there is none.

    Of the same value, in the shoe or on a plate as the recording is, and of at least one
    region that has the same name. Regions that only overlap are not set beside each other.
    """
    platforms = {bool(foot.get("platform", False)) for foot in report.recording.get("feet", {}).values()}
    regions = {v.region for v in report.values if v.name == value and v.region is not None}
    fitting = (of for of in published() if of.value == value and platforms == {of.platform})
    return next((of for of in fitting if regions & set(of.regions)), None)
