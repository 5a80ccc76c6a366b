"""Which steps the means stand on, and that those left out are counted by their reason."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.evidence import Evidence
from analysis.options import Options
from analysis.prepare import prepare
from analysis.recipe import analyse
from insole.errors import AnalysisError, RecordsError
from insole.recording import Side
from insole.records import Mark, MarkKind
from tests.analysis import made

L = Side.LEFT


def walk_of(stances_: list[tuple[int, int]]) -> np.ndarray:
    """``(n, 4)`` from pairs of samples on the ground and in the air."""
    force = np.concatenate([np.repeat([700.0, 0.0], pair) for pair in stances_])
    return np.concatenate([np.zeros(50), force])[:, None] * np.full(4, 0.25)


def reasons(values: np.ndarray, **options: object) -> list[str]:
    walk = prepare(made.recording(made.stream(L, values)))
    return [s.why for s in Evidence(walk, options=Options(**options)).steps[L]]  # type: ignore[arg-type]


def test_slow_turning_steps_are_left_out_and_counted() -> None:
    even = [(66, 44)] * 12
    values = walk_of([*even, (82, 52), (84, 50), *even])
    assert reasons(values) == ["first", *[""] * 11, "turn", "turn", *[""] * 11, "last"]
    report = analyse(made.recording(made.stream(L, values)))
    excluded = {v.variant: v.value for v in report.values if v.name == "steps_excluded_count"}
    assert excluded == {"first": 1, "last": 1, "turn": 2}
    used = report.get("steps_used_count", side=L).value
    assert used + sum(excluded.values()) == report.get("steps_count", side=L).value
    assert report.get("stance_time_s", side=L).sd == pytest.approx(0, abs=1e-9)


def test_an_uneven_walker_keeps_the_steps_that_belong_to_the_walk() -> None:
    rng = np.random.default_rng(3)
    steps = [(int(a), int(b)) for a, b in zip(rng.normal(66, 5, 200), rng.normal(44, 4, 200), strict=True)]
    assert reasons(walk_of(steps)).count("turn") <= 0.03 * 200


def test_a_foot_that_is_loaded_twice_without_leaving_the_ground_shuffled() -> None:
    values = walk_of([(66, 44)] * 20)
    start = 50 + 10 * 110
    values[start + 66 : start + 110] = 0.2 * 700 / 4  # the tenth swing drags at a fifth of the load
    # Two stances became one long contact, which ends the bout before it and begins another after it.
    assert reasons(values) == ["first", *[""] * 8, "last", "shuffle", "first", *[""] * 6, "last"]


def test_the_trough_of_midstance_is_no_shuffle() -> None:
    values = walk_of([(66, 44)] * 20)
    for k in range(20):
        middle = 50 + k * 110 + 33
        values[middle - 8 : middle + 8] *= 0.45
    assert "shuffle" not in reasons(values)


def test_a_marked_stretch_leaves_its_steps_out() -> None:
    values = walk_of([(66, 44)] * 20)
    mark = Mark(MarkKind.EXCLUDE, 5.0, 7.0)
    # Stances begin every 1.1 s from 0.5 s: the fifth and the sixth touch the stretch.
    assert reasons(values, marks=(mark,)) == ["first", *[""] * 3, "marked", "marked", *[""] * 13, "last"]
    assert reasons(values, marks=(Mark(MarkKind.EXCLUDE, 5.0, 7.0, Side.RIGHT),)).count("marked") == 0


def test_a_mark_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(RecordsError, match="must end after"):
        Mark(MarkKind.EXCLUDE, 5.0, 5.0)


def test_absurd_stance_widths_are_refused() -> None:
    with pytest.raises(AnalysisError, match="mm"):
        Options(stance_width_mm=0.2)


@pytest.mark.parametrize("lost", [(570 + 20, 570 + 24), (570 + 30, 570 + 31)])
def test_a_short_gap_within_a_stance_is_bridged_and_the_step_counts(lost: tuple[int, int]) -> None:
    values = made.stances(2000, every=110, on=66, first=20)
    keep = np.r_[0 : lost[0], lost[1] : 2000]
    evidence = Evidence(prepare(made.recording(made.stream(L, values[keep], sample=keep))))
    (step,) = [s for s in evidence.steps[L] if s.start == 570]
    assert step.clean
    assert np.isnan(evidence.walk.feet[L].values[lost[0] : lost[1]]).all()
    impulse = evidence.stances[L].integral(evidence.stances[L].force)
    np.testing.assert_allclose(impulse[:, 0], 700 * 0.65, rtol=1e-6)


@pytest.mark.parametrize("lost", [(569, 570), (570, 571), (635, 636), (636, 637), (580, 586)])
def test_a_gap_beside_an_event_or_a_long_one_keeps_the_step_from_the_means(lost: tuple[int, int]) -> None:
    values = made.stances(2000, every=110, on=66, first=20)
    keep = np.r_[0 : lost[0], lost[1] : 2000]
    evidence = Evidence(prepare(made.recording(made.stream(L, values[keep], sample=keep))))
    assert 570 not in [s.start for s in evidence.steps[L] if s.clean]
    assert len([s for s in evidence.steps[L] if s.clean]) == 17 - 1 - 2 + 1


def test_a_division_that_no_foot_has_is_refused_and_one_that_a_foot_lacks_is_said() -> None:
    values = walk_of([(66, 44)] * 10)
    other = made.layout4(masks={"ends": {"source": "a test", "regions": {"back": [1, 2]}}})
    walk = made.recording(made.stream(L, values), made.stream(Side.RIGHT, values, layout=other))
    with pytest.raises(AnalysisError, match="known: two"):
        analyse(walk, Options(mask="zones99"))
    report = analyse(walk, Options(mask="ends"))
    assert {(c.code, c.side) for c in report.caveats} >= {("no_such_mask", L)}
    assert {v.region for v in report.values} == {None, "back"}
