"""insole in Python: the four functions, and the worked notebook."""

from __future__ import annotations

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import fixtures
import insole
from analysis.options import Options
from analysis.recipe import analyse
from insole.errors import AnalysisError, FormatError
from insole.export import Choice, exporter, files_of, outgoing
from insole.side import Side

ROOT = Path(str(fixtures.__file__)).parent.parent
NOTEBOOK = ROOT / "docs" / "notebook.ipynb"
WALK = ROOT / "fixtures" / "pedar_walk.asc"


@pytest.fixture(scope="module")
def walk():
    return insole.read(WALK)


def test_samples_are_those_of_the_recording_to_the_bit(walk):
    frame = insole.to_frame(walk)
    for side, foot in walk.feet.items():
        own = frame[frame["side"] == side]
        assert own["sample"].to_numpy().tolist() == foot.sample.tolist()
        np.testing.assert_array_equal(own["time_s"], foot.time_s)
        sensors = own[[f"s{i:02d}_kpa" for i in range(1, foot.layout.n_sensors + 1)]]
        assert set(sensors.dtypes) == {np.dtype("float32")}
        np.testing.assert_array_equal(sensors, foot.values)


def test_samples_have_the_columns_of_the_csv(walk):
    (table, *_) = files_of(exporter("csv"), [outgoing(walk)], Choice())
    read = pd.read_csv(BytesIO(b"".join(table.chunks())), dtype={"side": "string"})
    frame = insole.to_frame(walk)
    assert list(frame) == list(read)
    pd.testing.assert_frame_equal(frame, read, check_dtype=False, rtol=1e-6)


def test_values_are_those_of_the_report(walk):
    report = insole.analyse(walk)
    frame = insole.to_frame(report)
    assert report.to_json()["values"] == analyse(walk).to_json()["values"]
    assert frame["value"].tolist() == [v.value for v in report.values]
    assert frame["n_steps"].isna().tolist() == [v.n_steps is None for v in report.values]
    cadence = frame[frame["name"] == "cadence_spm"].iloc[0]
    assert cadence["value"] == report.get("cadence_spm").value
    assert pd.isna(cadence["side"])
    left = frame[(frame["name"] == "stance_time_s") & (frame["side"] == Side.LEFT)]
    assert left["unit"].tolist() == ["s"]


def test_options_are_those_of_the_analysis(walk):
    as_measured = insole.analyse(walk, zero=False)
    assert as_measured.to_json() == analyse(walk, Options(zero=False)).to_json()
    with pytest.raises(TypeError, match="masks"):
        insole.analyse(walk, masks="x")
    with pytest.raises(AnalysisError, match="mm"):
        insole.analyse(walk, stance_width_mm=1.0)


def test_a_store_is_opened_and_read(walk, tmp_path):
    with insole.open(tmp_path) as store:
        again = store.read(store.add(walk))
    pd.testing.assert_frame_equal(insole.to_frame(again), insole.to_frame(walk))


def test_a_wrong_file_says_what_it_is(tmp_path):
    path = tmp_path / "walk.asc"
    path.write_text("nothing of the kind")
    with pytest.raises(FormatError, match=r"walk\.asc"):
        insole.read(path)


def test_there_is_nothing_else_and_the_names_are_listed():
    with pytest.raises(AttributeError, match="reed"):
        _ = insole.reed
    assert insole.__all__ == ["analyse", "open", "read", "to_frame"]


def test_importing_insole_brings_nothing_in():
    told = "import sys, insole; print([m for m in ('numpy', 'pandas', 'analysis') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_notebook_runs_from_top_to_bottom(monkeypatch):
    """Its cells, one after the other, as Jupyter would; what is worked out in them is held to the report."""
    monkeypatch.chdir(ROOT)
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    said = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            assert not cell["outputs"]
            exec(compile("".join(cell["source"]), cell["id"], "exec"), said)
    assert said["report"].to_json() == analyse(insole.read(WALK)).to_json()
    assert said["regions"]["unit"].unique().tolist() == ["kPa"]
    left_out = said["without"].get("steps_used_count", side=Side.LEFT).value
    assert 0 < left_out < said["report"].get("steps_used_count", side=Side.LEFT).value
