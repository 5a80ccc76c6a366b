"""scan, pair, devices and the choice of insoles, with what is near made up or emulated."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from io import StringIO
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from analysis.live import LiveView
from ingest import virtual
from ingest.scan import Found
from insole.cli import collect, main, near, pair, view
from insole.cli.session import Session
from insole.cli.virtual import KINDS, OPEN_KINDS, with_kind
from insole.devices import find_device
from insole.errors import InsoleError, LinkError
from insole.layout import load_layout
from insole.recording import About, Chunk, FootMeta, Side, Unit
from insole.remembered import Remembered, read_remembered
from insole.walker import Gait, Walker, nominal_calibration

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

L1 = Found("open-insole", "Open", Side.LEFT, "L1", signal_dbm=-50, battery_pct=80)
L2 = Found("open-insole", "Open", Side.LEFT, "L2", signal_dbm=-70)
R1 = Found("open-insole", "Open", Side.RIGHT, "R1", name="[bold]sole", signal_dbm=-60)
MUTE = Found("mute", "Tells its side only when asked", None, "M1", signal_dbm=-40)
ODD = Found("other", "Other", Side.RIGHT, "R2", signal_dbm=-30)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INSOLE_DATA", str(tmp_path))
    return tmp_path


def insole(*args: str) -> Result:
    return CliRunner().invoke(main.app, list(args))


def around(monkeypatch: pytest.MonkeyPatch, *found: Found) -> None:
    """Let these be near."""

    async def look(*_: Any, **__: Any) -> list[Found]:
        return list(found)

    monkeypatch.setattr(pair, "look", look)


def test_scan_shows_the_virtual_pair() -> None:
    pytest.importorskip("bumble", reason="needs the emulated radio: pip install insole[virtual]")
    table = insole("scan", "--virtual").stdout
    assert "left" in table
    assert "right" in table
    assert "87 %" in table
    assert "dBm" in table
    assert "add --details" not in table
    assert "add --details" in insole("scan", "--virtual", "brilliant").stdout
    left, right = json.loads(insole("scan", "--virtual", "open99", "--details", "--json").stdout)
    assert (left["side"], left["sensors"], left["firmware"], left["signal"]) == ("left", 99, "virtual 1", "strong")
    assert (right["side"], right["battery_pct"]) == ("right", 87)


@pytest.mark.parametrize("args", [("scan",), ("pair",), ("collect", "--duration", "1")], ids=lambda args: args[0])
def test_without_bluetooth_it_says_so_in_plain_words(
    args: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("sys.argv", ["insole", *args])
    with pytest.raises(SystemExit) as stopped:
        main.run()
    said = capsys.readouterr()
    assert stopped.value.code == 2
    assert "message bus" in said.err
    assert "apt install bluez" in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


def test_pairing_remembers_and_devices_lists_and_forgets(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "insole pair" in insole("devices").stdout
    around(monkeypatch, L1, R1)
    assert "L1" in insole("pair").stdout
    assert read_remembered(data) == {
        Side.LEFT: Remembered(Side.LEFT, "open-insole", "L1"),
        Side.RIGHT: Remembered(Side.RIGHT, "open-insole", "R1", "[bold]sole"),
    }
    assert "[bold]sole" in insole("devices").stdout
    assert [one["address"] for one in json.loads(insole("devices", "--json").stdout)] == ["L1", "R1"]
    assert "Forgot the left insole" in insole("devices", "--forget", "l1").stdout
    assert [one["side"] for one in json.loads(insole("devices", "--json").stdout)] == ["right"]


def test_pairing_virtual_insoles_is_practice(data: Path) -> None:
    pytest.importorskip("bumble", reason="needs the emulated radio: pip install insole[virtual]")
    said = insole("pair", "--virtual").stdout
    assert "The left insole is" in said
    assert "nothing is remembered" in said
    assert json.loads(insole("pair", "--virtual", "brilliant", "--json").stdout)["missing"] == []
    assert read_remembered(data) == {}


def test_one_foot_can_be_paired_alone_and_the_other_later(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    around(monkeypatch, R1)
    assert json.loads(insole("pair", "--json").stdout)["missing"] == ["left"]
    around(monkeypatch, L1)
    assert json.loads(insole("pair", "--json").stdout)["missing"] == []
    assert list(read_remembered(data)) == [Side.LEFT, Side.RIGHT]


@pytest.mark.parametrize(
    ("found", "args", "why"),
    [
        ([], [], "No insole is near"),
        ([L1, L2, R1], [], "2 left insoles are near: L1 (strong), L2 (good); say which with --left"),
        ([L1, R1], ["--left", "R1"], "R1 is the right insole, by its own word"),
        ([L1, R1], ["--left", "XX"], "near: L1, R1"),
        ([L1, ODD], [], "different makes (open-insole, other)"),
        ([Found("x", "X", None, "A")], [], "do not say which foot"),
        ([Found("x", "X", Side.LEFT, "A", problem="it did not answer")], [], "it did not answer"),
    ],
)
def test_what_cannot_be_paired_is_refused_and_nothing_remembered(
    found: list[Found], args: list[str], why: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    around(monkeypatch, *found)
    result = insole("pair", *args)
    assert isinstance(result.exception, LinkError)
    assert why in str(result.exception)
    assert read_remembered(data) == {}


def test_of_several_the_named_one_is_paired(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    around(monkeypatch, L1, L2, R1)
    insole("pair", "--left", "l2")
    assert read_remembered(data)[Side.LEFT].address == "L2"


async def test_collecting_takes_the_remembered_insoles_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_scan(**_: Any) -> list[Found]:
        raise AssertionError

    monkeypatch.setattr("ingest.scan.scan", no_scan)
    links = await near.links({Side.RIGHT: Remembered(Side.RIGHT, "open-insole", "R9")})
    assert [(link.side, link.name, link.device.name) for link in links] == [(Side.RIGHT, "R9", "open-insole")]


@pytest.mark.parametrize(
    ("found", "names"),
    [
        ([L2, R1, L1], ["L1", "R1"]),
        ([R1, L1], ["L1", "R1"]),
        ([L1], ["L1", "right insole"]),
        ([ODD, L2, R1], ["L2", "R1"]),
        ([MUTE, replace(MUTE, address="M2"), L1], ["left insole", "right insole"]),
    ],
)
async def test_without_a_pair_the_strongest_left_and_right_are_taken(
    found: list[Found], names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scan(**_: Any) -> list[Found]:
        return found

    monkeypatch.setattr("ingest.scan.scan", scan)
    monkeypatch.setattr(near, "find_device", lambda _: find_device("open-insole"))
    links = await near.links({})
    assert [link.side for link in links] == [Side.LEFT, Side.RIGHT]
    assert [link.name for link in links] == names


async def test_nothing_near_says_what_to_look_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scan(**_: Any) -> list[Found]:
        return []

    monkeypatch.setattr("ingest.scan.scan", scan)
    with pytest.raises(LinkError, match="charged"):
        await near.links({})


def test_a_pair_is_both_feet_of_one_make() -> None:
    assert near.has_both([L1, L2, R1])
    assert not near.has_both([L1, L2])
    assert not near.has_both([L1, ODD])
    assert near.has_both([MUTE, replace(MUTE, address="M2")])
    assert not near.has_both([MUTE, L1])


@pytest.mark.parametrize(
    ("args", "meant"),
    [
        (["--virtual"], ["--virtual", "open16"]),
        (["--virtual", "--json"], ["--virtual", "open16", "--json"]),
        (["--virtual", "open99"], ["--virtual", "open99"]),
        (["--virtual=open99"], ["--virtual=open99"]),
        (["--json"], ["--json"]),
    ],
)
def test_a_kind_may_be_named_or_not(args: list[str], meant: list[str]) -> None:
    assert with_kind(args) == meant


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (["--drop", "5s@12s"], "only virtual insoles can do that"),
        (["--speed", "2"], "only virtual insoles can do that"),
        (["--virtual", "none"], "known: open16, open99, orphe, brilliant"),
        (["--virtual", "--loss", "2"], "--loss 2:"),
    ],
)
def test_a_plan_that_makes_no_sense_starts_nothing(args: list[str], why: str) -> None:
    result = insole("collect", *args)
    assert isinstance(result.exception, InsoleError)
    assert why in str(result.exception)
    assert insole("list", "--json").stdout.strip() == "[]"


def test_the_kinds_that_the_help_names_are_those_there_are() -> None:
    assert tuple(virtual.KINDS) == KINDS
    assert tuple(name for name, kind in virtual.KINDS.items() if kind.device.name == "open-insole") == OPEN_KINDS


def test_a_replay_needs_an_insole_that_carries_any_layout() -> None:
    result = insole("replay", "any", "--as", "orphe")
    assert isinstance(result.exception, InsoleError)
    assert "those that can: open16, open99" in str(result.exception)


class FakeLink:
    def __init__(self, side: Side, connections: int, battery_pct: int | None) -> None:
        self.side, self.connections, self.battery_pct = side, connections, battery_pct


async def test_the_live_table_shows_each_foot() -> None:
    layout = load_layout("open-insole-16")
    calibration = nominal_calibration(layout)
    walker, now = Walker(Gait(), layout), 100.0
    feet = {side: FootMeta(side, layout, Unit.COUNTS, 100.0, calibration) for side in Side}
    session = Session(None)
    table = view.LiveTable(session, duration_s=90.0)

    def drawn() -> str:
        console = Console(file=StringIO(), width=100)
        console.print(table.render())
        return console.file.getvalue()

    assert "Starting." in drawn()
    session.links = [FakeLink(Side.LEFT, 3, None), FakeLink(Side.RIGHT, 1, 61)]
    session.view, session.state = LiveView(feet, clock=lambda: now), "Recording."
    session.now, session.zero_s = lambda: now, 100.0
    session.started.set()
    assert "0:00 of 1:30" in drawn()
    for first in (0, 150):  # 50 samples are missing
        for side in Side if first == 0 else [Side.LEFT]:
            counts = walker.counts(side, first, 100, calibration)
            us = (first + np.arange(100)) * 10_000
            session.view.push(Chunk(side, first, counts, us, 0.0), us * 1e-6)
    now = 104.0
    rows = {line.split("  ")[0].strip(): line for line in drawn().splitlines()}
    assert "50.0 Hz" in rows["rate"]
    assert "25.0 Hz" in rows["rate"]
    assert "50 (20.0 %)" in rows["lost"]
    assert "silent for 4 s" in rows["force, N"]
    assert "61 %" in rows["battery"]
    assert rows["drops"].split() == ["drops", "2", "0"]

    session.view = LiveView({Side.LEFT: feet[Side.LEFT]}, clock=lambda: now)  # the right one is not there
    assert drawn().count("looking for it") == 2
    push = Chunk(Side.LEFT, 0, walker.counts(Side.LEFT, 0, 100, calibration), np.arange(100) * 10_000, 0.0)
    session.view.push(push, np.arange(100) * 0.01)
    assert drawn().count("looking for it") == 1
    session.view = session.view.joined_by(feet[Side.RIGHT])
    now = 105.0
    assert "looking for it" in drawn()  # until its first sample
    session.view.push(replace(push, side=Side.RIGHT), np.arange(100) * 0.01)
    assert "looking for it" not in drawn()
    session.stop.set()
    assert "Ending" in drawn()


def summed(samples: int, *, began_s: float | None = 0.0, drops: int = 0) -> Any:
    return SimpleNamespace(
        samples=samples, lost=0, late=0, rate_hz=None, drops=drops, battery_pct=None, began_s=began_s
    )


def test_the_report_says_who_came_later_and_who_never_spoke(capsys: pytest.CaptureFixture[str]) -> None:
    session = SimpleNamespace(recording_id="r1")
    both = {Side.LEFT: summed(100, drops=1), Side.RIGHT: summed(50, began_s=34.2, drops=2)}
    of = SimpleNamespace(feet=both, duration_s=60.0, sync_uncertainty_ms=1.0, problems=("something",))
    collect.report(session, of, as_json=False)
    said = capsys.readouterr()
    assert "left: 100 samples, 0 lost, 1 drop\n" in said.out
    assert "right: from 0:34 on, 50 samples, 0 lost, 2 drops" in said.out
    assert "insole analyse r1" in said.out
    assert "something" in said.err
    of.feet = {Side.LEFT: summed(0, began_s=None)}
    collect.report(session, of, as_json=False)
    said = capsys.readouterr()
    assert "insole analyse" not in said.out
    assert "No sample came" in said.err


class Absent(FakeLink):
    device, name, firmware = find_device("open-insole"), "absent", ""

    async def connect(self) -> FootMeta:
        await asyncio.Event().wait()
        raise AssertionError

    async def disconnect(self) -> None:
        pass


async def test_stopping_the_search_is_not_taken_for_an_insole_that_is_missing() -> None:
    stop, session = asyncio.Event(), Session(None)
    stop.set()
    with pytest.raises(LinkError, match="stopped before the recording began"):
        await session.run([Absent(Side.LEFT, 0, None)], about=About(), duration_s=None, stop=stop)


async def test_nobody_is_shown_anything_where_nobody_looks() -> None:
    console = Console(file=StringIO())
    await view.show(Session(None), None, console=console)
    assert console.file.getvalue() == ""


@pytest.mark.parametrize(("seconds", "said"), [(-1, "0:00"), (7.9, "0:07"), (754, "12:34"), (3723, "1:02:03")])
def test_a_duration_reads_like_a_clock(seconds: float, said: str) -> None:
    assert view.clock(seconds) == said


def test_too_fast_for_this_computer_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    summary = SimpleNamespace(feet={Side.LEFT: SimpleNamespace(residual_ms=150.0)})
    collect.warn_if_too_fast(summary, 20.0)
    assert capsys.readouterr().err == ""
    collect.warn_if_too_fast(summary, 10.0)
    assert "lower --speed" in capsys.readouterr().err
