"""What leaves tells neither when nor who, runs nowhere, and is the same whenever it is made."""

from __future__ import annotations

import csv
import io
import json
import math
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files import is_beside, read, recordings_in, understand
from insole.errors import ExportError
from insole.export import Choice, exporter, exporters, files_of, gather, zipped
from insole.export._text import RUN, Column, cell, safe, small_table
from insole.recording import NO_DATE
from insole.records import Mark, MarkKind
from insole.store import Store
from tests.export.making import PLAIN, made, put, rows_of
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WALK = ROOT / "fixtures" / "moticon_walk.txt"
FIRST = datetime(2019, 8, 7, 6, 5, 4, tzinfo=UTC)
READY = [name for name, form in exporters().items() if form.is_ready]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store") as opened:
        yield opened


def stored(store: Store, *, after_days: int = 0, code: str = "P-01", **about: object) -> str:
    walk = read(WALK)
    said = {"source_name": "Erika_Mustermann.txt", "notes": ("file name: Erika",), "condition": "shoe", **about}
    start = FIRST + timedelta(days=after_days)
    return store.add(replace(walk, started_at=start, about=replace(walk.about, subject_code=code, **said)))


def leaving(store: Store, name: str, choice: Choice = PLAIN) -> bytes:
    return b"".join(zipped(files_of(exporter(name), gather(store, store.list(), choice), choice)))


def content(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("name", READY)
def test_nothing_tells_when_or_who(name: str, store: Store):
    ids = [stored(store), stored(store, after_days=12)]
    data = leaving(store, name)
    for file, inside in content(data).items():
        for trace in (b"2019", b"Erika", b"Mustermann", read(WALK).about.source_sha256.encode(), *map(str.encode, ids)):
            assert trace not in inside, file
            assert trace.decode() not in file
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}


def test_days_are_counted_from_the_subjects_first_recording(store: Store):
    for after in (12, 0, 12):
        stored(store, after_days=after)
    stored(store, code="", after_days=5)
    files = content(leaving(store, "values"))
    rows = rows_of(files["recordings.csv"])
    assert [(r["recording"], r["day"], r["run"]) for r in rows] == [
        ("P-01_day000_1", "0", "1"),
        ("P-01_day012_1", "12", "1"),
        ("P-01_day012_2", "12", "2"),
        ("recording_1", "", "1"),
    ]
    assert {r["started_at"] for r in rows} == {""}
    alone = files_of(exporter("values"), gather(store, store.list()[:1], PLAIN), PLAIN)
    assert next(iter(alone)).name == "P-01_day012_2.csv", "a name does not hang on what leaves beside it"


def test_dates_leave_where_they_are_asked_for(store: Store):
    stored(store)
    files = content(leaving(store, "csv", Choice(dated=True)))
    sheet = json.loads(files["P-01_2019-08-07_1.recording.json"])
    assert sheet["started_at"] == FIRST.isoformat()
    assert sheet["about"]["source_name"] == "Erika_Mustermann.txt"
    assert FIRST.isoformat().encode() in files["P-01_2019-08-07_1.dictionary.csv"]


def test_a_day_it_is_filed_under_counts_and_no_date_is_no_day(store: Store):
    walk = read(WALK)
    for start, day in ((FIRST, date(2019, 9, 1)), (FIRST, date(2019, 9, 4)), (NO_DATE, None)):
        about = replace(walk.about, subject_code="P-01")
        store.add(replace(walk, started_at=start, about=about), visit_date=day)
    rows = rows_of(content(leaving(store, "values"))["recordings.csv"])
    assert sorted(r["day"] for r in rows) == ["", "0", "3"]


def test_codes_that_look_alike_in_a_files_name_stay_apart(store: Store):
    for code in ("P 01", "P-01", "p/01"):
        stored(store, code=code)
    rows = rows_of(content(leaving(store, "values"))["recordings.csv"])
    assert sorted(r["subject"] for r in rows) == ["P 01", "P-01", "p/01"]
    assert len({r["recording"].casefold() for r in rows}) == 3
    assert not any(set(r["recording"]) & set("/ ") for r in rows)


HOSTILE = ("=cmd|'/c calc'!A1", "+1+1", "-1-1", "@SUM(A1)", "\t=1", "\r=1")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["csv", "csv-wide", "parquet", "steps", "values", "bids"])
def test_no_text_is_a_formula(name: str, text: str, store: Store):
    of = stored(store, condition=text, task=text)
    store.marks.add(of, Mark(MarkKind.NOTE, 1.0, 1.0, text=text))
    for file, inside in content(leaving(store, name)).items():
        delimiter = {".csv": ",", ".tsv": "\t"}.get(file[-4:])
        for row in csv.reader(io.StringIO(inside.decode(), newline=""), delimiter=delimiter) if delimiter else ():
            for one in row:
                assert not one.startswith(RUN) or float(one) < 0, (file, one)


@given(st.text(max_size=20))
def test_a_cell_of_text_comes_back_as_it_was_but_for_a_mark_before_what_runs(text: str):
    assert not safe(text).startswith(RUN)
    assert safe(text) in {text, f"'{text}"}
    table = b"".join(small_table([Column("a", "", "")], [[text]], PLAIN)).decode()
    assert [row[0] if row else "" for row in csv.reader(io.StringIO(table, newline=""))] == ["a", safe(text)]


@given(st.floats(allow_nan=True, allow_infinity=False) | st.integers(-(2**53), 2**53))
def test_a_number_is_never_touched(number: float):
    text = cell(number)
    assert not text.startswith("'")
    assert (text == "") == (number != number)
    if text:
        back = type(number)(text)
        assert (back, math.copysign(1, back)) == (number, math.copysign(1, number))


@pytest.mark.parametrize("name", READY)
def test_the_same_recording_gives_the_same_bytes(name: str, store: Store):
    stored(store)
    assert leaving(store, name) == leaving(store, name)


@pytest.mark.parametrize("name", ["csv", "parquet", "bids"])
def test_an_unpacked_cohort_is_imported_as_it_was(name: str, store: Store, tmp_path: Path):
    for after in (0, 12):
        stored(store, after_days=after)
    put(content(leaving(store, name)), tmp_path / "out")
    files = [path for path in sorted((tmp_path / "out").rglob("*")) if path.is_file()]
    groups = recordings_in([path for path in files if not is_beside(path)])
    found = [understand(*group) for group in groups]
    assert len(found) == 2
    for one in found:
        assert one.recording.about.subject_code == "P-01"
        assert {s: len(f.sample) for s, f in one.recording.feet.items()} == {
            s: len(f.sample) for s, f in read(WALK).feet.items()
        }


def test_marks_leave_beside_the_samples():
    marks = (Mark(MarkKind.EVENT, 1.5, 1.5, text="=heel strike"), Mark(MarkKind.EXCLUDE, 2.0, 3.0))
    for name in ("csv", "csv-wide", "parquet"):
        rows = rows_of(made(name, read(WALK), marks=marks)["walk.marks.csv"])
        assert [(r["kind"], r["start_s"], r["stop_s"], r["text"]) for r in rows] == [
            ("event", "1.5", "1.5", "'=heel strike"),
            ("exclude", "2.0", "3.0", ""),
        ]
    events = [file for file in made("bids", read(WALK), marks=marks) if file.endswith("_events.tsv")]
    assert len(events) == 1


def test_an_unknown_format_is_told_with_those_that_there_are():
    with pytest.raises(ExportError, match=r"'xlsx'; there are: bids, c3d, cop, csv"):
        exporter("xlsx")


def test_a_zip_is_read_by_what_reads_zips_and_holds_what_is_large(store: Store):
    stored(store)
    files = files_of(exporter("csv"), gather(store, store.list(), PLAIN), PLAIN)
    files = [replace(file, may_be_large=True) for file in files]
    assert content(b"".join(zipped(files))) == content(leaving(store, "csv"))
