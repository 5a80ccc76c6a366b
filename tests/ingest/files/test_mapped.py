"""Any CSV with a mapping file: what the documents show works, and every way of writing the same table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ingest.files import load_mapping, read
from insole.errors import FormatError
from insole.recording import Unit
from insole.side import Side
from tests.ingest.files.makers import MAPPING, wide_csv
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from insole.recording import Recording

EXAMPLES = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "formats.md").read_text("utf-8"), re.DOTALL)


def mapped(table: str, mapping: str, folder: Path) -> Recording:
    (folder / "walk.csv").write_text(table, "utf-8")
    (folder / "my.toml").write_text(mapping, "utf-8")
    return read(folder / "walk.csv", mapping=load_mapping(folder / "my.toml"))


def test_the_first_example_of_the_documents(tmp_path: Path):
    names = ["t", "ax", *(f"L{i}" for i in range(1, 17)), *(f"R{i}" for i in range(1, 17))]
    rows = [[10 * k, 0.5, *range(16), *range(16, 32)] for k in range(50)]
    lines = ["a title", "another", ";".join(names)]
    lines += [";".join(str(cell).replace(".", ",") for cell in row) for row in rows]
    lines[10] = lines[10].replace(";3;", ";NA;")
    found = mapped("\n".join(lines) + "\n", EXAMPLES[0], tmp_path)
    left = found.feet[Side.LEFT]
    expected = np.tile(np.arange(16, dtype=np.float32), (50, 1))
    expected[7, 3] = np.nan
    np.testing.assert_array_equal(left.values, expected)
    np.testing.assert_array_equal(found.feet[Side.RIGHT].values[0], np.arange(16, 32))
    np.testing.assert_allclose(left.time_s, np.arange(50) / 100, atol=1e-9)
    assert (left.rate_hz, left.saturation, left.unit) == (100, 600, Unit.KPA)
    assert left.inertial is not None
    assert (left.inertial == 0.5).all()
    assert found.about.subject_code == "S01"
    assert found.started_at.isoformat() == "2025-03-06T09:30:00+00:00"


def test_the_second_example_of_the_documents(tmp_path: Path):
    rest = '[time]\ncolumn = "t"\n[layout]\nname = "gaitpdb-8"\n'
    lines = ["t,foot," + ",".join(f"p{i}" for i in range(1, 9))]
    for k in range(30):
        lines += [f"{k / 100},{word}," + ",".join([str(n)] * 8) for word, n in (("L", 1), ("R", 2))]
    found = mapped("\n".join(lines) + "\n", EXAMPLES[1] + rest, tmp_path)
    for side, n in ((Side.LEFT, 1), (Side.RIGHT, 2)):
        np.testing.assert_array_equal(found.feet[side].values, np.full((30, 8), n))
        assert found.feet[side].unit is Unit.N


@pytest.mark.parametrize(("delimiter", "decimal"), [(",", "."), (";", "."), (";", ","), ("\t", ".")])
def test_the_same_table_in_other_writing(delimiter: str, decimal: str, tmp_path: Path):
    mapping = MAPPING.replace("[file]\n", f'[file]\ndecimal = "{decimal}"\n')
    found = mapped(wide_csv(delimiter=delimiter, decimal=decimal), mapping, tmp_path)
    # Sensor i of the left foot is i / 4 N/cm², which is 10 kPa each.
    np.testing.assert_allclose(found.feet[Side.LEFT].values[0], np.arange(1, 17) * 2.5)
    np.testing.assert_allclose(found.feet[Side.RIGHT].values[0], np.arange(1, 17) * 5)


def test_damage_is_refused_at_its_line_and_a_missing_column_by_its_name(tmp_path: Path):
    lines = wide_csv().splitlines(keepends=True)
    with pytest.raises(FormatError, match=r"L1.*t, ax, other"):
        mapped("".join([lines[0].replace("L1,", "left1,"), *lines[1:]]), MAPPING, tmp_path)
    with pytest.raises(FormatError) as e:
        mapped("".join([*lines[:20], lines[20].replace("0.25", "?"), *lines[21:]]), MAPPING, tmp_path)
    assert (e.value.path.name, e.value.line) == ("walk.csv", 21)
    with pytest.raises(FormatError) as e:
        mapped("".join(lines)[:-9], MAPPING, tmp_path)
    assert e.value.line == len(lines)
