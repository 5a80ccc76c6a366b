"""``insole calibrate`` as a user runs it: hidden calibrations are found again, wrong input is refused."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from typer.testing import CliRunner

from insole.calibration import Calibration
from insole.calibration_file import FootCalibration, read_calibration, write_calibration
from insole.cli import main
from insole.errors import CalibrationError, FormatError, InsoleError, StoreError
from insole.layout import load_layout
from insole.recording import About, FootMeta, FootStream, Recording, Side, Unit
from insole.store import Store
from insole.units import weight_n
from insole.walker import nominal_calibration, sole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from insole.cli.session import Session

LAYOUT = load_layout("open-insole-16")
S = LAYOUT.n_sensors
HIDDEN = Calibration("hidden", date(2025, 1, 1), "x", np.linspace(80, 120, S), np.linspace(0.12, 0.18, S), None)
LOADS = (0, 50, 100, 200, 400)
STARTED_AT = datetime(2026, 11, 25, tzinfo=UTC)
HEAD = "start_s,stop_s,pressure_kpa"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("INSOLE_DATA", str(tmp_path / "data"))
    with Store.open() as opened:
        yield opened


def counts(kpa: Any) -> Any:
    return np.clip(np.rint(kpa / HIDDEN.kpa_per_count + HIDDEN.offset), 0, 4095).astype(np.uint16)


def foot(side: Side, kpa: Any, calibration: Calibration | None = None) -> FootStream:
    index = np.arange(len(kpa))
    used = calibration or nominal_calibration(LAYOUT)
    return FootStream(side, LAYOUT, index, index / 100, counts(kpa), Unit.COUNTS, 100.0, used, saturation=4095.0)


def bladder(store: Store) -> str:
    """5 s at each load, the left insole."""
    kpa = np.repeat(np.array(LOADS, float), 500)[:, None] * np.ones(S)
    return store.add(Recording("", STARTED_AT, {Side.LEFT: foot(Side.LEFT, kpa)}))


def one_leg(store: Store, *, reads: float) -> str:
    """8 s on the left leg of a person of 70 kg; the insole's calibration reads a part of the truth."""
    pattern = sole.standing(LAYOUT) * 1000 * weight_n(70.0)
    left = foot(Side.LEFT, np.ones((800, 1)) * pattern, replace(HIDDEN, kpa_per_count=HIDDEN.kpa_per_count * reads))
    right = foot(Side.RIGHT, np.zeros((800, S)), HIDDEN)
    feet = {Side.LEFT: left, Side.RIGHT: right}
    return store.add(Recording("", STARTED_AT, feet, About(body_mass_kg=70.0)))


def loads_file(folder: Path) -> Path:
    path = folder / "loads.csv"
    rows = [f"{5 * i + 0.5},{5 * i + 4.5},{kpa}" for i, kpa in enumerate(LOADS)]
    path.write_text("\n".join([HEAD, *rows]) + "\n\n")
    return path


def insole(*args: str | Path) -> str:
    result = CliRunner().invoke(main.app, [str(a) for a in args], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def as_json(*args: str | Path) -> Any:
    return json.loads(insole(*args, "--json"))


@pytest.mark.parametrize("kind", [[], ["--table"]])
def test_known_loads_find_the_hidden_calibration(store: Store, tmp_path: Path, kind: list[str]) -> None:
    of, file = bladder(store), tmp_path / "left.json"
    made = as_json("calibrate", "loads", of, "--side", "left", "--loads", loads_file(tmp_path), "-o", file, *kind)
    found = read_calibration(file)
    assert (found.side, found.layout, found.calibration.id) == (Side.LEFT, LAYOUT.name, made["id"])
    assert made["id"].startswith("left-")
    some = np.array([[300.0] * S, [2000.0] * S])
    assert found.calibration.to_kpa(some) == pytest.approx(HIDDEN.to_kpa(some), abs=0.2)  # counts are whole
    assert max(made["worst_error_kpa"]) < 0.1
    assert (made["fit_error_kpa"] is None) == bool(kind)


def test_a_calibration_is_used_and_the_report_follows(store: Store, tmp_path: Path) -> None:
    of, file = bladder(store), tmp_path / "left.json"
    insole("calibrate", "loads", of, "--side", "left", "--loads", loads_file(tmp_path), "-o", file)
    used = as_json("calibrate", "use", file, "--recording", of)
    assert used["replaced"] == "virtual-nominal"
    named = as_json("analyse", of)["recording"]["feet"]["left"]["calibration"]
    assert named["id"] == used["calibration"]
    assert 0 < named["fit_error_kpa"] < 0.1
    assert f"calibration {used['calibration']} replaced virtual-nominal" in store.info(of).about.notes[0]
    assert used["calibration"] in insole("calibrate", "use", file, "--recording", of)


def test_standing_on_one_leg_recovers_the_factor(store: Store, tmp_path: Path) -> None:
    of, file = one_leg(store, reads=0.8), tmp_path / "left.json"
    found = as_json("calibrate", "weight", of, "--side", "left", "-o", file)
    assert found["ratio"] == pytest.approx(0.8, rel=2e-3)
    assert not found["within_tolerance"]
    scaled = read_calibration(file).calibration
    assert isinstance(scaled, Calibration)
    assert scaled.kpa_per_count == pytest.approx(HIDDEN.kpa_per_count, rel=2e-3)
    np.testing.assert_array_equal(scaled.offset, HIDDEN.offset)
    assert scaled.method == "scaled to body weight by standing on one leg, from hidden"
    insole("calibrate", "use", file, "--recording", of)
    again = as_json("calibrate", "weight", of, "--side", "left")
    assert again["ratio"] == pytest.approx(1.0, abs=1e-6)
    assert again["within_tolerance"]
    assert "calibration" not in again


def test_words_for_people(store: Store, tmp_path: Path) -> None:
    said = insole("calibrate", "loads", bladder(store), "--side", "left", "--loads", loads_file(tmp_path), "--table")
    for part in ("16 sensors", "loads 0 to 400 kPa", "error not known", "16    0.0", "held twice"):
        assert part in said
    of = one_leg(store, reads=0.8)
    said = insole("calibrate", "weight", of, "--side", "left", "-o", tmp_path / "l.json")
    for part in ("549 N", "686 N", "ratio 0.800, not within 10 %", "scaled by 1.250", "insole calibrate use"):
        assert part in said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: the columns are ''"),
        ("start_s,stop_s,kpa\n1,2,3\n", "line 1: the columns are"),
        (f"{HEAD},note\n1,2,3,x\n", "line 1: the columns are"),
        (f"{HEAD}\n0.5,4.5,0\n5.5,x,50\n", "line 3: .*'x'"),
        (f"{HEAD}\n0.5,4.5\n", "line 2: .*2 cells"),
        (f"{HEAD}\n\n0.5,4.5,0,1\n", "line 3: .*4 cells"),
        (f"{HEAD}\n0.5,4.5,nan\n", "line 2: .*nan"),
        (f"{HEAD}\n0.5,inf,3\n", "line 2: .*inf"),
        (f"{HEAD}\n0.5,4.5,0\n9.5,5.5,50\n", "line 3: .*must end after"),
    ],
)
def test_a_bad_file_of_loads_is_refused_with_its_line(store: Store, tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(FormatError, match=says):
        insole("calibrate", "loads", bladder(store), "--side", "left", "--loads", path)


def test_columns_may_stand_in_any_order_and_a_bom_is_no_column(store: Store, tmp_path: Path) -> None:
    of, path = bladder(store), tmp_path / "loads.csv"
    rows = [f"{kpa},{5 * i + 4.5},{5 * i + 0.5}" for i, kpa in enumerate(LOADS)]
    path.write_text("\ufeff" + "\r\n".join(["pressure_kpa, stop_s, start_s", *rows]), "utf-8")
    one = as_json("calibrate", "loads", of, "--side", "left", "--loads", path)
    assert one["id"] == as_json("calibrate", "loads", of, "--side", "left", "--loads", loads_file(tmp_path))["id"]


def test_wrong_feet_masses_and_recordings_are_refused(store: Store, tmp_path: Path) -> None:
    held, stood, loads = bladder(store), one_leg(store, reads=0.8), loads_file(tmp_path)
    other = FootCalibration(Side.RIGHT, LAYOUT.name, HIDDEN)
    write_calibration(tmp_path / "right.json", other)
    write_calibration(tmp_path / "shape.json", replace(other, side=Side.LEFT, layout="pedar-99:y"))
    refused: list[tuple[type[InsoleError], str, list[str | Path]]] = [
        (CalibrationError, "no right foot", ["loads", held, "--side", "right", "--loads", loads]),
        (FormatError, "cannot be read", ["loads", held, "--side", "left", "--loads", tmp_path / "none.csv"]),
        (CalibrationError, "no steady stand", ["weight", stood, "--side", "right"]),
        (CalibrationError, "give it with --mass", ["weight", held, "--side", "left"]),
        (InsoleError, "kilograms", ["weight", stood, "--side", "left", "--mass", "70000"]),
        (CalibrationError, "0.28 of the weight", ["weight", stood, "--side", "left", "--mass", "200"]),
        (CalibrationError, "no right foot", ["use", tmp_path / "right.json", "--recording", held]),
        (CalibrationError, "layout 'pedar-99:y'", ["use", tmp_path / "shape.json", "--recording", held]),
        (StoreError, "no recording 'nope'", ["use", tmp_path / "right.json", "--recording", "nope"]),
        (FormatError, "cannot be read", ["use", tmp_path / "none.json", "--recording", held]),
    ]
    for kind, says, args in refused:
        with pytest.raises(kind, match=says):
            insole("calibrate", *args)
    assert store.info(held).about.notes == store.info(stood).about.notes == ()


def session(store: Store, given: FootCalibration) -> Session:
    from insole.cli.session import Session

    return Session(store, calibrations={given.side: given})


def test_a_session_uses_the_calibration_that_was_given(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    feet = {side: FootMeta(side, LAYOUT, Unit.COUNTS, 100.0, nominal_calibration(LAYOUT)) for side in Side}

    async def collect(links: Any, *, open_sink: Any, **rest: Any) -> None:
        open_sink(feet).seal()

    monkeypatch.setattr("ingest.collector.collect", collect)

    def record(given: FootCalibration) -> str:
        made = session(store, given)
        asyncio.run(made.run([], about=About(), duration_s=1.0, stop=asyncio.Event()))
        return made.recording_id

    info = store.info(record(FootCalibration(Side.RIGHT, LAYOUT.name, HIDDEN)))
    assert dict(info.calibration_ids) == {Side.LEFT: "virtual-nominal", Side.RIGHT: "hidden"}
    assert info.about.notes == ("right foot: calibration hidden used instead of the insole's own (virtual-nominal)",)
    with pytest.raises(CalibrationError, match="layout 'other'"):
        record(FootCalibration(Side.RIGHT, "other", HIDDEN))


def test_two_calibrations_of_one_foot_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    write_calibration(path, FootCalibration(Side.LEFT, LAYOUT.name, HIDDEN))
    with pytest.raises(InsoleError, match="same foot"):
        insole("collect", "--virtual", "--calibration", path, "--calibration", path)


def test_a_device_that_sends_kpa_is_checked_but_not_scaled(store: Store, tmp_path: Path) -> None:
    whole = store.read(one_leg(store, reads=0.9))
    feet = {}
    for side, counted in whole.feet.items():
        assert counted.calibration is not None
        kpa = counted.calibration.to_kpa(counted.values)
        feet[side] = replace(counted, values=kpa, unit=Unit.KPA, calibration=None, saturation=None)
    of = store.add(replace(whole, feet=feet))
    assert as_json("calibrate", "weight", of, "--side", "left")["ratio"] == pytest.approx(0.9, rel=2e-3)
    with pytest.raises(CalibrationError, match="no calibration to scale"):
        insole("calibrate", "weight", of, "--side", "left", "-o", tmp_path / "l.json")
    assert not (tmp_path / "l.json").exists()
