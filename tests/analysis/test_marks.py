"""What a person marks changes exactly the numbers it should, and no others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.evidence import Evidence
from analysis.options import Options
from analysis.prepare import prepare
from analysis.recipe import analyse
from ingest.files import read
from insole.recording import Recording, Side
from insole.records import Mark, MarkKind
from tests.analysis import made
from tests.support import shared

L, R = Side.LEFT, Side.RIGHT


def uneven_walk(n: int = 20) -> Recording:
    """Steps of the left foot of 60 to 79 samples, each with a force of its own; the right foot alike."""
    air, feet = np.zeros(44), []
    for side in Side:
        pieces = [np.zeros(50)]
        for k in range(n):
            pieces += [np.full(60 + k, 600.0 + 10 * k), air]
        feet.append(made.stream(side, np.concatenate(pieces)[:, None] * np.full(4, 0.25)))
    return made.recording(*feet)


WALK = uneven_walk()
PLAIN = analyse(WALK)
STEPS = [s for s in PLAIN.steps if s.side is L and s.clean]


def unmarking(step: object) -> Mark:
    return Mark(MarkKind.STEP, step.start_s, step.stop_s, step.side)  # type: ignore[attr-defined]


@pytest.mark.parametrize("k", [0, 3, len(STEPS) - 1])
def test_a_step_unmarked_leaves_the_mean_of_the_others(k: int) -> None:
    report = analyse(WALK, Options(marks=(unmarking(STEPS[k]),)))
    others = [s for s in STEPS if s is not STEPS[k]]
    for name, of in (
        ("stance_time_s", [s.stop_s - s.start_s for s in others]),
        ("peak_force_n", [600.0 + 10 * j for j in range(1, 19) if j != k + 1]),  # the first and the last are not clean
    ):
        value = report.get(name, side=L)
        assert value is not None
        assert value.n_steps == len(STEPS) - 1
        assert value.value == pytest.approx(np.mean(of), rel=2e-3)
        assert value.sd == pytest.approx(np.std(of, ddof=1), rel=2e-2)
    assert [s.why for s in report.steps if not s.clean and s.side is L].count("marked") == 1
    assert report.get("steps_excluded_count", side=L, variant="marked").value == 1  # type: ignore[union-attr]
    alone = [[v for v in r.values if v.side is R and v.name != "step_time_s"] for r in (report, PLAIN)]
    assert alone[0] == alone[1]  # a step's time is from one foot to the other; all else of the right foot stays


def test_a_mark_keeps_its_stance_when_events_move() -> None:
    """Up to half the swing before and after, and never the neighbour."""
    step = STEPS[4]
    for shift_s in (-0.2, -0.03, 0.03, 0.2):
        mark = Mark(MarkKind.STEP, step.start_s + shift_s, step.stop_s + shift_s, L)
        marked = [s for s in analyse(WALK, Options(marks=(mark,))).steps if s.why == "marked"]
        assert [s.start for s in marked] == [step.start]


def test_a_step_mark_that_meets_none_is_told_and_changes_nothing() -> None:
    mark = Mark(MarkKind.STEP, 0.01, 0.3, L)
    report = analyse(WALK, Options(marks=(mark,)))
    assert report.values == PLAIN.values
    assert [(c.code, c.side) for c in report.caveats if c not in PLAIN.caveats] == [("mark_without_step", L)]
    one_foot = made.recording(WALK.feet[R])
    assert "mark_without_step" in {c.code for c in analyse(one_foot, Options(marks=(unmarking(STEPS[2]),))).caveats}


def test_notes_change_no_number_and_are_not_in_the_report() -> None:
    note = Mark(MarkKind.NOTE, 0.0, 30.0, text="tired")
    report = analyse(WALK, Options(marks=(note,)))
    assert report.to_json() == PLAIN.to_json()


def test_a_report_says_which_marks_it_was_made_with() -> None:
    mark = Mark(MarkKind.EXCLUDE, 3.0, 4.0, L, id="m1", text="turned round")
    report = analyse(WALK, Options(marks=(mark,)))
    assert report.software["options"]["marks"] == [
        {"kind": "exclude", "start_s": 3.0, "stop_s": 4.0, "side": "left", "id": "m1", "text": "turned round"}
    ]


def test_steps_and_notes_do_not_hide_quiet_standing() -> None:
    still = made.recording(*(made.stream(side, np.full((2000, 4), 87.5)) for side in Side), body_mass_kg=71.4)
    plain = Evidence(prepare(still)).standing
    marks = (Mark(MarkKind.STEP, 5, 6, L), Mark(MarkKind.NOTE, 8, 12, text="talks"))
    assert plain
    assert Evidence(prepare(still), options=Options(marks=marks)).standing == plain


def test_an_excluded_stretch_tips_no_share_of_load() -> None:
    """Twenty seconds on both feet, then ten on the left one."""
    both, alone = np.full((2000, 4), 87.5), np.full((1000, 4), 175.0)
    stood = made.recording(
        made.stream(L, np.concatenate([both, alone])), made.stream(R, np.concatenate([both, 0 * alone]))
    )
    mark = Mark(MarkKind.EXCLUDE, 20.0, 30.0)
    tipped, even = analyse(stood), analyse(stood, Options(marks=(mark,)))
    share = {"name": "load_share_pct", "side": L}
    assert tipped.get(**share).value == pytest.approx(200 / 3)  # type: ignore[union-attr]
    assert even.get(**share).value == pytest.approx(50)  # type: ignore[union-attr]
    assert even.get("force_max_n", side=L).value == pytest.approx(350)  # type: ignore[union-attr]
    of_right = analyse(stood, Options(marks=(Mark(MarkKind.EXCLUDE, 20.0, 30.0, R),)))
    assert of_right.get(**share).value == pytest.approx(50)  # type: ignore[union-attr]
    assert of_right.get("force_max_n", side=L).value == pytest.approx(700)  # type: ignore[union-attr]


def test_a_recording_that_is_excluded_as_a_whole_has_no_loads() -> None:
    report = analyse(WALK, Options(marks=(Mark(MarkKind.EXCLUDE, 0.0, 100.0),)))
    assert {"all_excluded", "no_common_time"} <= {c.code for c in report.caveats}
    assert report.get("force_mean_n", side=L) is report.get("load_share_pct", side=L) is None


SECONDS = st.integers(0, 250).map(lambda tenth: tenth / 10)
MARKS = st.lists(
    st.builds(
        lambda kind, start, length, side: Mark(kind, start, start + length, side, text="x"),
        st.sampled_from(list(MarkKind)),
        SECONDS,
        st.integers(1, 30).map(lambda tenth: tenth / 10),
        st.sampled_from(list(Side)),
    ),
    max_size=5,
)


@settings(max_examples=25)
@given(MARKS, st.randoms())
def test_marks_commute_and_twice_is_once(marks: list[Mark], random: object) -> None:
    shuffled = marks + marks[:1]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (analyse(WALK, Options(marks=tuple(m))) for m in (marks, shuffled))
    assert set(one.values) == set(other.values)
    assert one.steps == other.steps
    assert {c.code for c in one.caveats} == {c.code for c in other.caveats}


@settings(max_examples=25)
@given(MARKS)
def test_marks_only_take_steps_away(marks: list[Mark]) -> None:
    report = analyse(WALK, Options(marks=tuple(marks)))
    assert [(s.side, s.start, s.stop) for s in report.steps] == [(s.side, s.start, s.stop) for s in PLAIN.steps]
    for before, after in zip(PLAIN.steps, report.steps, strict=True):
        assert after == before or (after.why == "marked" and not after.clean)


@pytest.mark.shared
def test_each_step_of_a_real_walk_can_be_left_out() -> None:
    walk = read(shared("data/pedar/pedar_example.asc"))
    clean = [s for s in analyse(walk).steps if s.clean]
    for step in clean:
        value = analyse(walk, Options(marks=(unmarking(step),))).get("stance_time_s", side=step.side)
        others = [s.stop_s - s.start_s for s in clean if s.side is step.side and s is not step]
        assert value is not None
        assert (value.n_steps, value.value) == (len(others), pytest.approx(np.mean(others), rel=1e-12))
