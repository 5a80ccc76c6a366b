"""All values of a report as rows that set the left foot beside the right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dashboards import words
from dashboards.language import N_, _

if TYPE_CHECKING:
    from insole.recording import Side
    from insole.report import Report, Value


@dataclass
class Row:
    """One value in one region by one definition.

    Attributes
    ----------
    name, region, variant, unit
        As in the report.
    by_side
        The value of each foot; under None that of both.
    """

    name: str
    region: str | None
    variant: str | None
    unit: str
    by_side: dict[Side | None, Value] = field(default_factory=dict)

    @property
    def steps(self) -> str:
        """Steps behind the values, ``24 / 25`` where the feet differ; empty where they play no part."""
        counts = [str(v.n_steps) for v in self.by_side.values() if v.n_steps is not None]
        return " / ".join(dict.fromkeys(counts))


@dataclass(frozen=True)
class Group:
    """Rows that stand under one heading."""

    title: str
    rows: tuple[Row, ...]


def grouped(report: Report) -> tuple[Group, ...]:
    """Every value of the report, once, under the headings of ``words.GROUPS``.

    Rows keep the report's order, the whole foot of each value before its regions.
    """
    rows: dict[tuple[str, str | None, str | None, str], Row] = {}
    for value in report.values:
        key = (value.name, value.region, value.variant, value.unit)
        rows.setdefault(key, Row(*key)).by_side[value.side] = value
    order = {name: i for i, name in enumerate(dict.fromkeys(row.name for row in rows.values()))}
    ordered = sorted(rows.values(), key=lambda row: (order[row.name], row.region is not None))
    titles = [title for title, _starts in words.GROUPS] + [N_("Other")]
    groups = (Group(_(title), tuple(row for row in ordered if words.group(row.name) == title)) for title in titles)
    return tuple(group for group in groups if group.rows)
