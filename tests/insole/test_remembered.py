"""Insoles that are remembered: what is written is read, one for each foot, and a broken file is no silence."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from insole.disk import data_folder, write_whole
from insole.errors import LinkError
from insole.recording import Side
from insole.remembered import FILE_NAME, Remembered, forget, read_remembered, remember

LEFT = Remembered(Side.LEFT, "open-insole", "F0:00:00:00:00:0A", "söle")
RIGHT = Remembered(Side.RIGHT, "open-insole", "F0:00:00:00:00:0B")


def test_what_is_remembered_is_there_the_next_time(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "made yet"
    assert read_remembered(folder) == {}
    assert remember(folder, {Side.RIGHT: RIGHT}) == {Side.RIGHT: RIGHT}
    assert list(remember(folder, {Side.LEFT: LEFT}).values()) == [LEFT, RIGHT]
    assert read_remembered(folder) == {Side.LEFT: LEFT, Side.RIGHT: RIGHT}
    assert os.listdir(folder) == [FILE_NAME]  # noqa: PTH208 nothing half-written is left


def test_a_new_left_one_takes_the_place_of_the_old(tmp_path: Path) -> None:
    other = Remembered(Side.LEFT, "open-insole", "F0:00:00:00:00:0C")
    remember(tmp_path, {Side.LEFT: LEFT, Side.RIGHT: RIGHT})
    assert remember(tmp_path, {Side.LEFT: other})[Side.LEFT] == other


def test_one_is_forgotten_by_its_address_however_it_is_written(tmp_path: Path) -> None:
    remember(tmp_path, {Side.LEFT: LEFT, Side.RIGHT: RIGHT})
    assert forget(tmp_path, " f0:00:00:00:00:0a ") == LEFT
    assert read_remembered(tmp_path) == {Side.RIGHT: RIGHT}
    with pytest.raises(LinkError, match="F0:00:00:00:00:0B"):
        forget(tmp_path, LEFT.address)


ROW = {"side": "left", "device": "open-insole", "address": "AA", "name": ""}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "\0",
        json.dumps({"version": 2, "insoles": []}),
        json.dumps({"version": 1}),
        json.dumps({"version": 1, "insoles": [{**ROW, "side": "middle"}]}),
        json.dumps({"version": 1, "insoles": [{**ROW, "address": ""}]}),
        json.dumps({"version": 1, "insoles": [{**ROW, "address": 1}]}),
        json.dumps({"version": 1, "insoles": [{"side": "left"}]}),
        json.dumps({"version": 1, "insoles": [ROW, ROW]}),
    ],
)
def test_a_broken_file_is_an_error_that_says_what_to_do(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE_NAME).write_text(content)
    with pytest.raises(LinkError, match="insole pair"):
        read_remembered(tmp_path)


def test_a_file_that_cannot_be_replaced_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remember(tmp_path, {Side.LEFT: LEFT})

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LinkError, match="No space left"):
        remember(tmp_path, {Side.RIGHT: RIGHT})
    assert read_remembered(tmp_path) == {Side.LEFT: LEFT}
    assert len(list(tmp_path.iterdir())) == 1


def test_where_data_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSOLE_DATA", str(tmp_path))
    assert data_folder() == tmp_path
    assert data_folder("here") == Path.cwd() / "here"
    monkeypatch.delenv("INSOLE_DATA")
    assert data_folder().name == "insole"


def test_a_small_file_is_written_whole(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", "one")
    write_whole(tmp_path / "a", "zwölf")
    assert (tmp_path / "a").read_text("utf-8") == "zwölf"


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", b"\r\n\x00\xff")
    assert (tmp_path / "a").read_bytes() == b"\r\n\x00\xff"
