"""``insole compare``: two conditions of one subject, and what differs by more than noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from insole.cli.console import Data, Json, NoMarks, find_marked, out, print_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.compare import Comparison, Row
    from analysis.options import Options
    from insole.report import Report

WIDTH = 128
"""Columns the tables need; names that programs use are never cut."""


def compare_two(
    a: Annotated[str, typer.Argument(metavar="A", help="The baseline, for example the shoe alone: a file or an id.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The condition to judge, for example an orthosis.")],
    baseline: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH_OR_ID",
            help="Give it twice: two recordings of one condition, the insoles taken out in between. What differs "
            "between them is what does not count as a change. Four make two pairs, and so on.",
        ),
    ] = None,
    mask: Annotated[str | None, typer.Option(help="Division into regions; the layout's first when not given.")] = None,
    no_marks: NoMarks = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Compare two conditions of one subject: what changed by more than noise, and by how much."""
    from analysis.compare import compare
    from analysis.mdc import own_of
    from analysis.options import Options

    options = Options(mask=mask)

    def report(path_or_id: str) -> Report:
        return _report(path_or_id, data, options, marked=not no_marks)

    own = own_of([report(one) for one in baseline or []])
    comparison = compare(report(a), report(b), own=own)
    if as_json:
        print_json(comparison.to_json())
    else:
        _print(comparison)


def _report(path_or_id: str, data: Path | None, options: Options, *, marked: bool) -> Report:
    from dataclasses import replace

    from analysis.recipe import analyse

    recording, marks = find_marked(path_or_id, data)
    return analyse(recording, replace(options, marks=marks if marked else ()))


def _print(comparison: Comparison) -> None:
    from analysis.compare import Verdict
    from analysis.sentences import sentences
    from dashboards.words import label, region

    def low(name: str) -> str:
        return label(name)[:1].lower() + label(name)[1:]

    for sentence in sentences(comparison, label=low, region=region):
        out.print(sentence, markup=False)
    out.print(f"\nA is {_named(comparison.a)}, B is {_named(comparison.b)}.", markup=False)
    for verdict in Verdict:
        rows = comparison.of(verdict)
        if rows:
            out.print()
            out.print(_table(rows, str(verdict)), crop=False)
    out.print("For research and education; not for diagnosis.", style="dim")


def _table(rows: tuple[Row, ...], title: str) -> Any:
    """One verdict's rows; the names hold the units."""
    from rich.table import Table

    from analysis.wording import amount, where

    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold", width=WIDTH)
    for name in ("value", "where"):
        table.add_column(name, no_wrap=True)
    for name in ("A", "B", "B - A", "95 % interval", "least change"):
        table.add_column(name, justify="right", no_wrap=True)
    for r in rows:
        interval = "" if r.interval is None else f"{amount(r.interval[0])} to {amount(r.interval[1])}"
        least = "" if r.mdc is None else f"{amount(r.mdc.value)} ({r.mdc.short})"
        name = f"{r.name} ({r.variant})" if r.variant else r.name
        cells = [amount(r.a), amount(r.b), amount(r.difference), interval, least]
        table.add_row(name, where(r.side, r.region).lower(), *cells)
    return table


def _named(about: Mapping[str, Any]) -> str:
    parts = [about.get("condition"), about.get("subject_code") and f"subject {about['subject_code']}", about.get("id")]
    return ", ".join(str(p) for p in parts if p) or "a file"
