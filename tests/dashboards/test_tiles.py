from __future__ import annotations

from dashboards.tiles import tiles
from insole.recording import Side
from insole.report import Report, Value


def by_title(report):
    return {tile.title: tile for tile in tiles(report)}


def test_tiles_show_the_reports_numbers(walk):
    shown = by_title(walk.report)
    left = walk.report.get("load_share_pct", side=Side.LEFT).value
    assert shown["Share of load"].left == f"{left:.1f}"
    assert shown["Share of load"].share_left == left
    assert shown["Symmetry index"].both.startswith("+")
    assert float(shown["Cadence"].both) == round(walk.report.get("cadence_spm").value, 1)
    used = walk.report.get("steps_used_count", side=Side.RIGHT).value
    assert shown["Stances used"].right == f"{used:.0f}"


def test_more_on_the_left_has_a_true_minus():
    shown = by_title(Report({}, {}, (Value("load_symmetry_index_pct", -8.74, "%"),)))
    assert shown["Symmetry index"].both == "\N{MINUS SIGN}8.7"


def test_what_was_not_measured_is_a_dash_and_never_a_zero():
    for tile in tiles(Report({}, {}, ())):
        shown = {tile.both, tile.left, tile.right} - {""}
        assert shown == {"\N{EN DASH}"}, tile.title
        assert tile.share_left is None


def test_one_foot(one_foot):
    shown = by_title(one_foot.report)
    assert shown["Peak pressure"].left == "\N{EN DASH}"
    assert float(shown["Peak pressure"].right) > 50
