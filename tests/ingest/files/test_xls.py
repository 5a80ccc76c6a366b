"""Binary Excel files: each kind of cell, both kinds of sector, and damage."""

from __future__ import annotations

import random
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from ingest.files import read
from ingest.files._xls import sheet_text
from insole.errors import FormatError
from tests.ingest.files.workbooks import container, excel, label, number, record, shared, text_of, workbook
from tests.support import ROOT

STEP = ROOT / "fixtures" / "footscan_step.xls"
HERE = Path("step.xls")


def sheet_of(cells: bytes, **more: bytes) -> str:
    return sheet_text(container(workbook(cells, **more)), HERE)


def rk(coded: int) -> bytes:
    return record(0x27E, struct.pack("<HHHI", 0, 0, 0, coded))


def of_double(value: float) -> int:
    """The 30 bits that stand for a short double."""
    return int(struct.unpack("<Q", struct.pack("<d", value))[0] >> 32)


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (number(0, 0, 0.1), "0.1\n"),
        (number(1, 2, -12.0), "\n\t\t-12\n"),
        (rk(7 << 2 | 2), "7\n"),
        (rk((-7 & 0x3FFFFFFF) << 2 | 2), "-7\n"),
        (rk(1234 << 2 | 3), "12.34\n"),
        (rk(of_double(1.5)), "1.5\n"),
        (rk(of_double(150.0) | 1), "1.5\n"),
        (record(0xBD, struct.pack("<HHHIHIH", 0, 1, 0, 5 << 2 | 2, 0, 6 << 2 | 2, 2)), "\t5\t6\n"),
        (label(0, 0, "a\tb\nc"), "a b c\n"),
        (label(0, 0, "кадр"), "кадр\n"),
        (record(0x06, struct.pack("<HHHd", 0, 0, 0, 2.5) + b"\0" * 8), "2.5\n"),
        (record(0x06, struct.pack("<HHH8s", 0, 1, 0, b"\0" * 6 + b"\xff\xff")) + record(0x207, text_of("x")), "\tx\n"),
        (record(0x201, struct.pack("<HHH", 0, 0, 0)), ""),
    ],
)
def test_a_cell_is_what_it_shows(cells: bytes, text: str):
    assert sheet_of(cells) == text


def test_shared_strings_go_on_in_the_next_record_in_letters_of_another_width():
    wide, marked = "dé€", struct.pack("<HBHI", 2, 0b1100, 1, 3) + b"ok" + b"\0" * 7
    parts = [
        text_of("first") + struct.pack("<HB", 6, 0) + b"abc",
        b"\1" + wide.encode("utf-16-le") + marked,
        text_of("last"),
    ]
    cells = b"".join(record(0xFD, struct.pack("<HHHI", 0, i, 0, i)) for i in range(4))
    assert sheet_of(cells, before=shared(parts[0], 4, *parts[1:])) == "first\tabcdé€\tok\tlast\n"


@pytest.mark.parametrize("n", [1, 200, 20_000])
def test_small_and_large_files(n: int):
    values = np.random.default_rng(n).normal(size=n)
    text = sheet_of(b"".join(number(i, 0, v) for i, v in enumerate(values)))
    assert [float(line) for line in text.splitlines()] == values.tolist()


def test_a_step_in_excel_is_that_of_the_text(tmp_path: Path):
    rows = [line.split("\t") for line in STEP.read_text("utf-8").splitlines()]
    (tmp_path / "step.xls").write_bytes(excel(rows))
    with zipfile.ZipFile(tmp_path / "step.zip", "w") as packed:
        packed.writestr("step.xls", excel(rows))
    (expected,) = read(STEP).feet.values()
    for name in ("step.xls", "step.zip"):
        (foot,) = read(tmp_path / name).feet.values()
        assert foot.side is expected.side
        np.testing.assert_array_equal(foot.values, expected.values)
        np.testing.assert_array_equal(foot.layout.xy_mm, expected.layout.xy_mm)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (container(workbook(b"", before=record(0x2F))), "encrypted"),
        (container(workbook(number(0, 256, 1.0))), "column 257"),
        (container(record(0x809, b"\0\6\5\0") + record(0x0A)), "no sheet"),
        (container(workbook(b""))[:512], "damaged"),
        (
            container(workbook(b"")).replace("Workbook".encode("utf-16-le"), "Document".encode("utf-16-le")),
            "no workbook",
        ),
    ],
)
def test_what_is_no_sheet_is_refused(content: bytes, words: str):
    with pytest.raises(FormatError, match=words) as e:
        sheet_text(content, HERE)
    assert e.value.path == HERE


def test_damage_gives_cells_or_a_refusal():
    whole = excel([[f"text {i}", str(i / 7), "9"] for i in range(40)])
    rng = random.Random(5)
    refused = 0
    for _ in range(400):
        content = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            content[rng.choice([rng.randrange(len(content)), rng.randrange(1600)])] = rng.randrange(256)
        try:
            sheet_text(bytes(content[: rng.choice([len(content), rng.randrange(len(content))])]), HERE)
        except FormatError:
            refused += 1
    assert refused > 50
