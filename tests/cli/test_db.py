"""``insole db`` as a user runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from insole.errors import ConflictError
from insole.recording import Side
from insole.store import Store, tables
from tests.cli.running import as_json, insole
from tests.store.old import to_revision
from tests.store.samples import recording, stream

if TYPE_CHECKING:
    from pathlib import Path

    from tests.postgres import Server


@pytest.fixture
def one(data: Path) -> str:
    """A recording of 130 s in the store."""
    with Store.open(data) as store:
        return store.add(recording(stream(Side.LEFT, 13_000)))


def damage(data: Path) -> None:
    with Store.open(data) as store, store._database.write() as connection:
        b = tables.block
        connection.execute(sa.update(b).where(b.c.seq == 1).values(checksum=b"\0" * 8))


def test_a_sound_store_is_backed_up_and_restored(data: Path, one: str, tmp_path: Path) -> None:
    assert "Sound: 1 recordings, 13000 samples in 3 rows" in insole("db", "check").output
    file = tmp_path / "backup.db"
    assert str(file) in insole("db", "backup", file).output
    assert "Sound" in insole("db", "check", file).output
    assert isinstance(insole("db", "restore", file).exception, ConflictError)
    assert "Restored" in insole("db", "restore", file, "--data", tmp_path / "new").output
    assert [info["id"] for info in as_json("list", "--data", tmp_path / "new")] == [one]


def test_damage_is_named_and_what_is_whole_is_kept(data: Path, one: str) -> None:
    damage(data)
    result = insole("db", "check")
    assert result.exit_code == 1
    assert f"recording {one}: pressures of the left foot, block 1 (60.000 to 119.990 s)" in result.output
    assert "insole db salvage" in result.output
    result = insole("db", "check", "--json")
    assert result.exit_code == 1
    assert '"channel": "pressure"' in result.output
    assert "block 1 (60.000 to 119.990 s)" in insole("db", "salvage", one).output
    kept = [info for info in as_json("list") if info["id"] != one]
    assert [info["duration_s"] for info in kept] == [130.0]
    assert insole("analyse", kept[0]["id"]).exit_code == 0


def test_a_store_is_brought_to_this_version(data: Path, one: str) -> None:
    to_revision(f"sqlite:///{data / 'insole.db'}", "0002")
    result = insole("db", "check")
    assert result.exit_code == 1
    assert "insole db upgrade" in result.output
    assert "from 0002 to" in insole("db", "upgrade").output
    assert "already" in insole("db", "upgrade").output
    assert as_json("db", "upgrade")["before"] == as_json("db", "upgrade")["after"]
    assert as_json("db", "check")["is_sound"]


@pytest.mark.postgres
def test_a_clinic_moves_to_postgresql(
    data: Path, one: str, tmp_path: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment names the database; a folder on the command line is still that folder."""
    file = tmp_path / "backup.db"
    insole("db", "backup", file)
    with postgres.database() as url:
        monkeypatch.setenv("INSOLE_DATABASE", url)
        assert as_json("list") == []
        assert insole("db", "restore", file).exit_code == 0
        assert [info["id"] for info in as_json("list")] == [one]
        insole("delete", one)
        assert as_json("list") == []
        assert as_json("db", "check")["recordings"] == 1
        monkeypatch.delenv("INSOLE_DATABASE")
        assert [info["id"] for info in as_json("list")] == [one]
        monkeypatch.setenv("INSOLE_DATABASE", url)
        monkeypatch.delenv("INSOLE_DATA")
        assert [info["id"] for info in as_json("list", "--data", data)] == [one]
