"""A comparison in plain sentences, for the command line and the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.compare import TIMES, Verdict
from analysis.wording import amount, upper_first, where, with_unit, without_unit, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from analysis.compare import Comparison, Row
    from analysis.mdc import Mdc


@dataclass(frozen=True)
class Told:
    """A comparison in sentences, by what they are about.

    Attributes
    ----------
    refusals
        Why nothing, or only times, were judged; one for each of the comparison's.
    changed
        One for each value that changed, peak pressures and then the clearest change first.
    rest
        That nothing, or nothing else, changed, or that nothing was judged; empty where all changed.
    unjudged
        How many values were not judged, and why.
    caveats
        What makes the verdicts less sure.
    """

    refusals: tuple[str, ...]
    changed: tuple[str, ...]
    rest: str
    unjudged: tuple[str, ...]
    caveats: tuple[str, ...]


def told(
    comparison: Comparison,
    *,
    label: Callable[[str], str] = without_unit,
    region: Callable[[str], str] = words_of,
) -> Told:
    """What changed, what did not, and what could not be judged.

    Parameters
    ----------
    label, region
        How values and regions are called for people.
    """
    refusals = tuple(f"{upper_first(c.text)}." for c in comparison.refusals)
    if not _judged(comparison):
        if refusals:
            return Told(refusals, (), "So nothing was judged.", (), ())
        return Told((), (), "Nothing could be judged.", tuple(_unjudged(comparison)), ())
    changed = tuple(_change(row, comparison, label(row.name), region) for row in changes(comparison))
    rest = "Nothing else changed beyond noise." if changed else "Nothing changed beyond noise."
    return Told(
        refusals,
        changed,
        rest if comparison.of(Verdict.NO_CHANGE) else "",
        tuple(_unjudged(comparison)),
        tuple(f"{upper_first(c.text)}." for c in comparison.caveats),
    )


def sentences(
    comparison: Comparison,
    *,
    label: Callable[[str], str] = without_unit,
    region: Callable[[str], str] = words_of,
) -> list[str]:
    """All that ``told`` says, one sentence after the other."""
    found = told(comparison, label=label, region=region)
    rest = (found.rest,) if found.rest else ()
    return [*found.refusals, *found.changed, *rest, *found.unjudged, *found.caveats]


def changes(comparison: Comparison) -> list[Row]:
    """The rows that changed, peak pressures and then the clearest change first."""
    return sorted(comparison.of(Verdict.CHANGED), key=_clearness, reverse=True)


def condition(about: Mapping[str, Any], other: Mapping[str, Any], fallback: str) -> str:
    """``with orthosis A``, ``barefoot``; the fallback where the two conditions have no names of their own."""
    name = str(about.get("condition") or "")
    if not name or name == other.get("condition"):
        return fallback
    return name if name == "barefoot" else f"with {name}"


def _judged(comparison: Comparison) -> bool:
    return any(row.verdict is not Verdict.NOT_JUDGED for row in comparison.rows)


def _change(row: Row, comparison: Comparison, label: str, region: Callable[[str], str]) -> str:
    first = condition(comparison.a, comparison.b, "in the first recording")
    second = condition(comparison.b, comparison.a, "in the second recording")
    place = where(row.side, None if row.region is None else region(row.region))
    low, high = row.interval or (row.difference, row.difference)
    unit = "" if row.unit == "1" else f" {row.unit}"
    return (
        f"{place}: {label} is {_size(row)} {second} than {first} "
        f"({amount(row.a)} to {amount(row.b)}{unit}; 95 % interval of the difference {amount(low)} to {amount(high)})"
        f"{_limit(row.mdc, row.unit)}."
    )


def _clearness(row: Row) -> tuple[bool, float]:
    """Peak pressures first, then by how many times the least change that counts a difference is."""
    times = abs(row.difference) / row.mdc.value if row.mdc is not None and row.mdc.value > 0 else 0.0
    return row.name == "peak_pressure_kpa", times


def _size(row: Row) -> str:
    way = "higher" if row.difference > 0 else "lower"
    if row.difference_pct is not None:
        return f"{abs(row.difference_pct):.0f} % {way}"
    size = abs(row.difference)
    return f"{amount(size)} points {way}" if row.unit == "%" else f"{with_unit(size, row.unit)} {way}"


def _limit(mdc: Mdc | None, unit: str) -> str:
    if mdc is None:
        return ""
    least = f"{mdc.share_pct:g} %" if mdc.share_pct is not None else with_unit(mdc.value, unit)
    return f"; more than the {least} that count as change ({mdc.short})"


def _unjudged(comparison: Comparison) -> list[str]:
    why = [row.why for row in comparison.of(Verdict.NOT_JUDGED) if not (row.why == "refused" and row.name not in TIMES)]
    said = []
    if n := why.count("no_mdc"):
        said.append(
            f"{_values(n)} not judged: no published figure says here how large a difference must be to count; "
            "two baselines of this subject, with the insoles taken out in between, would."
        )
    if n := why.count("no_interval"):
        said.append(f"{_values(n)} not judged: their spread over steps is not known.")
    return said


def _values(n: int) -> str:
    return f"{n} value was" if n == 1 else f"{n} values were"
