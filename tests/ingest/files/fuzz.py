"""Damage to files at random, and what reading them may do: a recording, or a ``FormatError`` that says where."""

from __future__ import annotations

import gzip
import io
import zipfile
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.files import load_mapping, read, understand
from ingest.files.describe import describe
from insole.errors import FormatError
from insole.export import Choice, exporter, files_of, outgoing
from tests.ingest.files.makers import MAPPING, bids_files, wide_csv
from tests.support import ROOT

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from insole.recording import Recording

LINES = 60
"""Of a table, so that it can be damaged many times."""
WORDS = [
    *(b"nan", b"inf", b"-inf", b"-1", b"1e999", b"1e308", b"-1e308", b"1e38", b"", b"x", b"n/a", b"NA", b"-", b"B"),
    *(b"\xff\xfe", b"\0", b"9" * 400, "٣".encode(), b"0x1F", b"1_0", b"0", b"99999999999", b"1,5", b"{}", b"[]", b'"'),
]
SHORTER = [
    (b"total time [secs]:  12.000", b"total time [secs]:  1.000"),
    (b"# Duration: 00:04.980", b"# Duration: 00:01.000"),
]
"""What the headers say of the whole example, and of its first lines."""
WHOLE = {"emed_step.lst", "fscan_walk_L.asf", "xsensor_walk.csv", "xsensor_flat_walk.csv", "footscan_step.xls"}


@dataclass(frozen=True)
class Case:
    """A whole file of a format, and those beside it.

    Attributes
    ----------
    format
        Its name.
    files
        By name; the first is the one that is read.
    mapping
        Name of the mapping file among them.
    """

    format: str
    files: Mapping[str, bytes]
    mapping: str | None = None


@cache
def cases() -> dict[str, Case]:
    """One case for each format."""
    names = {
        "pedar": "pedar_walk.asc",
        "gaitpdb": "gaitpdb_walk.txt",
        "moticon": "moticon_walk.txt",
        "loadsol": "loadsol_walk.txt",
        "stappone": "stappone_walk.csv",
        "orphe": "orphe_sensor-left.csv",
        "emed": "emed_step.lst",
        "fscan": "fscan_walk_L.asf",
        "xsensor": "xsensor_walk.csv",
        "xsensor_flat": "xsensor_flat_walk.csv",
        "footscan": "footscan_step.xls",
    }
    made = {format_: Case(format_, {name: _example(name)}) for format_, name in names.items()}
    recording = read(ROOT / "fixtures" / "orphe_sensor-left.csv")
    few = {side: _first(foot) for side, foot in recording.feet.items()}
    made["bids"] = Case("bids", bids_files(replace(recording, feet=few), "orphe-6"))
    made |= {f"insole_{name}": _exported(name) for name in ("csv", "parquet")}
    made["mapped"] = Case("mapped", {"walk.csv": wide_csv().encode(), "walk.toml": MAPPING.encode()}, "walk.toml")
    return made


def _exported(name: str) -> Case:
    """What this program exports, small."""
    recording = read(ROOT / "fixtures" / "moticon_walk.txt")
    few = {side: _first(foot) for side, foot in recording.feet.items()}
    leaving = outgoing(replace(recording, feet=few), called="walk")
    files = files_of(exporter(name), [leaving], Choice(), index=False)
    made = {file.name: b"".join(file.chunks()) for file in files}
    return Case(f"insole_{name}", {name: content for name, content in made.items() if "dictionary" not in name})


def _first(foot: Any) -> Any:
    keys = ("sample", "time_s", "values", *(("inertial",) if foot.inertial_channels else ()))
    parts = {key: getattr(foot, key)[:LINES] for key in keys}
    return replace(foot, **parts)


def _example(name: str) -> bytes:
    content = (ROOT / "fixtures" / name).read_bytes()
    if name in WHOLE:
        return content
    lines = content.splitlines(keepends=True)[:LINES]
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
        elif len(lines) > 1:
            del lines[i]
            break
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
    """Damage the first kilobyte, where every byte matters."""
    head, rest = data[:1000], data[1000:]
    words = head.split(b" ") if rng.random() < 0.5 else head.split(b"\n")
    mark = b" " if words == head.split(b" ") else b"\n"
    words[rng.randrange(len(words))] = rng.choice(WORDS)
    return mark.join(words) + rest


def recode(data: bytes, rng: random.Random) -> bytes:
    return data.decode("latin-1").encode(rng.choice(["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp500"]), "replace")


def repeat(data: bytes, rng: random.Random) -> bytes:
    """A stretch of the file many times."""
    start = rng.randrange(len(data))
    stop = min(len(data), start + rng.choice((1, 10, 200, 5000)))
    return data[:stop] + data[start:stop] * rng.choice((1, 3, 50)) + data[stop:]


def ends(data: bytes, rng: random.Random) -> bytes:
    """Other line ends, or a tail."""
    return rng.choice(
        (
            data.replace(b"\n", b"\r"),
            data.replace(b"\n", b"\n\n"),
            data + b"\n" * rng.randrange(1, 9),
            data + data,
            data.rstrip(),
            data.replace(b".", b","),
            data.replace(b"\t", b" "),
        )
    )


def pack(data: bytes, rng: random.Random) -> bytes:
    """An archive, whole or damaged."""
    if rng.random() < 0.5:
        packed = gzip.compress(data, mtime=0)
    else:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(rng.choice(("walk_L.txt", "a/b.asc", "../x.csv")), data)
        packed = out.getvalue()
    return rng.choice((flip, truncate, lambda d, _: d))(packed, rng)


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    truncate,
    flip,
    shuffle_lines,
    replace_cell,
    replace_word,
    recode,
    repeat,
    ends,
    pack,
)


def attempt(case: Case, damage: Callable[[bytes, random.Random], bytes], rng: random.Random, folder: Path) -> bool:
    """Damage one of a case's files and read it, strictly or to salvage; whether it was read.

    Raises
    ------
    AssertionError
        If a recording is not whole, or an error does not say where.
    """
    files = dict(case.files)
    target = rng.choice([*files])
    files[target] = damage(files[target], rng)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    main = next(iter(files))
    try:
        mapping = load_mapping(folder / case.mapping) if case.mapping else None
        found = understand(folder / main, salvage=rng.random() < 0.3, keep_names=True, mapping=mapping)
    except FormatError as e:
        check_error(e)
        return False
    describe(found)
    check(found.recording, exported=case.format.startswith("insole_"))
    return True


def check_error(error: FormatError) -> None:
    """An error names its file, and a line that can be one."""
    assert error.path.name
    assert error.path.name in str(error)
    assert error.line is None or error.line >= 1


def check(recording: Recording, *, exported: bool = False) -> None:
    """Nothing in a recording is infinite, out of order or of another length; what was exported may have empty rows."""
    for foot in recording.feet.values():
        assert len(foot.sample) >= 1
        blanks = foot.layout.name.startswith("loadsol") or foot.unit == "N" or exported
        assert not np.isinf(foot.values).any()
        assert blanks or not np.isnan(foot.values).all(axis=1).any()
        assert (np.diff(foot.time_s) > 0).all()
        assert (np.diff(foot.sample) > 0).all()
