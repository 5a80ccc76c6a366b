"""A comparison in plain sentences, for the command line and the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.compare import TIMES, Verdict
from analysis.wording import amount, upper_first, where, with_unit, without_unit, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from analysis.compare import Comparison, Row
    from analysis.mdc import Mdc


def sentences(
    comparison: Comparison,
    *,
    label: Callable[[str], str] = without_unit,
    region: Callable[[str], str] = words_of,
) -> list[str]:
    """What changed, what did not, and what could not be judged.

    Parameters
    ----------
    label, region
        How values and regions are called for people.

    Returns
    -------
    A sentence for each refusal and caveat, one for each value that changed, peak pressures and
    then the clearest change first, and one each for the rest.
    """
    said = [f"{upper_first(c.text)}." for c in comparison.refusals]
    changed = sorted(comparison.of(Verdict.CHANGED), key=_clearness, reverse=True)
    if not _judged(comparison):
        return [*said, "So nothing was judged."] if said else ["Nothing could be judged.", *_unjudged(comparison)]
    said += [_change(row, comparison, label(row.name), region) for row in changed]
    if comparison.of(Verdict.NO_CHANGE):
        said.append("Nothing else changed beyond noise." if changed else "Nothing changed beyond noise.")
    return [*said, *_unjudged(comparison), *(f"{upper_first(c.text)}." for c in comparison.caveats)]


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
