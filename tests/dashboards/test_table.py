from __future__ import annotations

from dashboards.table import grouped
from insole.recording import Side
from insole.report import Report, Value

L, R = Side.LEFT, Side.RIGHT


def report(*values):
    return Report({}, {}, values)


def test_left_and_right_share_a_row_and_both_feet_have_their_own_column():
    (group,) = grouped(
        report(
            Value("load_share_pct", 47.0, "%", L, n_steps=None),
            Value("load_share_pct", 53.0, "%", R),
            Value("fore_load_share_pct", 55.0, "%"),
        )
    )
    assert group.title == "Load"
    shares, fore = group.rows
    assert {side: v.value for side, v in shares.by_side.items()} == {L: 47.0, R: 53.0}
    assert list(fore.by_side) == [None]
    assert shares.steps == ""


def test_definitions_and_regions_are_rows_of_their_own_whole_foot_first():
    rows = grouped(
        report(
            Value("peak_pressure_kpa", 200.0, "kPa", L, "heel", 24),
            Value("peak_pressure_kpa", 250.0, "kPa", L, None, 24),
            Value("peak_pressure_kpa", 260.0, "kPa", R, None, 25),
            Value("pressure_time_integral_kpas", 80.0, "kPa·s", L, variant="novel"),
            Value("pressure_time_integral_kpas", 30.0, "kPa·s", L, variant="melai"),
        )
    )[0].rows
    assert [(r.region, r.variant) for r in rows] == [(None, None), ("heel", None), (None, "novel"), (None, "melai")]
    assert rows[0].steps == "24 / 25"
    assert rows[1].steps == "24"


def test_every_value_of_a_real_report_stands_in_the_table_once(walk):
    shown = [v for g in grouped(walk.report) for row in g.rows for v in row.by_side.values()]
    assert sorted(map(id, shown)) == sorted(map(id, walk.report.values))
    assert "Other" not in [g.title for g in grouped(walk.report)]


def test_an_empty_report_has_no_groups():
    assert grouped(report()) == ()
