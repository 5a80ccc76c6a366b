"""Any damage to a file gives a recording or a ``FormatError``, never another error or half a walk."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ingest.files import read
from insole.errors import FormatError
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from insole.recording import Recording

CASES = 60
MATRICES = ["emed_step.lst", "fscan_walk_L.asf", "xsensor_walk.csv"]
TEXTS = ["pedar_walk.asc", "gaitpdb_walk.txt", "moticon_walk.txt", "loadsol_walk.txt", "stappone_walk.csv"]
NAMES = [*TEXTS, *MATRICES]
WORDS = [
    b"nan",
    b"inf",
    b"-1",
    b"1e999",
    b"1e308",
    b"",
    b"x",
    b"\xff\xfe",
    b"\0",
    b"9" * 400,
    "٣".encode(),
    b"0x1F",
    b"1_0",
]

SHORTER = [
    (b"total time [secs]:  12.000", b"total time [secs]:  1.000"),
    (b"# Duration: 00:04.980", b"# Duration: 00:01.000"),
]
"""What the headers say of the whole example, and of its first 60 lines."""


@cache
def example(name: str) -> bytes:
    """The first part of an example, small enough to damage many times; a whole file of its format."""
    content = (ROOT / "fixtures" / name).read_bytes()
    if name in MATRICES:
        return content
    lines = content.splitlines(keepends=True)[:60]
    for whole, part in SHORTER:
        lines = [line.replace(whole, part) for line in lines]
    return b"".join(lines)


def truncate(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def flip(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def shuffle_lines(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    for _ in range(rng.randint(1, 3)):
        i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
        kind = rng.randrange(3)
        if kind == 0:
            lines[i], lines[j] = lines[j], lines[i]
        elif kind == 1:
            lines.insert(i, lines[j])
        else:
            del lines[i]
    return b"".join(lines)


def replace_cell(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    i = rng.randrange(len(lines))
    mark = b"," if b"," in lines[i] else b"\t"
    cells = lines[i].split(mark)
    cells[rng.randrange(len(cells))] = rng.choice(WORDS)
    lines[i] = mark.join(cells)
    return b"\n".join(lines)


def replace_word(data: bytes, rng: random.Random) -> bytes:
    """Damage the header, where every byte matters."""
    head, _, rest = data.partition(b"mask definition")
    words = head.split(b" ")
    words[rng.randrange(len(words))] = rng.choice(WORDS)
    return b" ".join(words) + (b"mask definition" + rest if rest else b"")


def recode(data: bytes, rng: random.Random) -> bytes:
    return data.decode("latin-1").encode(rng.choice(["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp500"]))


def check(recording: Recording) -> None:
    for foot in recording.feet.values():
        assert len(foot.sample) >= 1
        blanks = foot.layout.name.startswith("loadsol")  # its cells may be missing, its forces below zero
        assert not np.isinf(foot.values).any()
        assert blanks or np.isfinite(foot.values).all()
        assert blanks or (foot.values >= 0).all()
        assert (np.diff(foot.time_s) > 0).all()


def attempt(path: Path) -> FormatError | None:
    try:
        check(read(path))
    except FormatError as e:
        return e
    return None


def lines_of(path: Path) -> int:
    return len(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))


@pytest.mark.parametrize("damage", [truncate, flip, shuffle_lines, replace_cell, replace_word, recode])
@pytest.mark.parametrize("name", NAMES)
def test_damage_never_surprises(name: str, damage, tmp_path: Path):
    rng = random.Random(f"{name} {damage.__name__}")
    path = tmp_path / name
    refused = 0
    for _ in range(CASES):
        path.write_bytes(damage(example(name), rng))
        error = attempt(path)
        if error is not None:
            refused += 1
            assert error.path.name == name
            assert name in str(error)
            assert error.line is None or 1 <= error.line <= lines_of(path)
    assert refused, "this damage was never noticed, so it tests nothing"


@pytest.mark.parametrize("name", NAMES)
def test_the_undamaged_example_is_whole(name: str, tmp_path: Path):
    (tmp_path / name).write_bytes(example(name))
    check(read(tmp_path / name))


def test_a_cut_pedar_file_is_never_read(tmp_path: Path):
    data = example("pedar_walk.asc")
    rng = random.Random(5)
    ends = [i for i in range(len(data)) if data[i] == ord("\n")][:-1]
    whole_after = len(data) - 1  # only the last line end may be missing
    for cut in [*ends, *(rng.randrange(whole_after) for _ in range(100))]:
        (tmp_path / "a.asc").write_bytes(data[:cut])
        with pytest.raises(FormatError):
            read(tmp_path / "a.asc")
