"""``insole collect``, ``serve`` and ``demo`` as processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from insole.cli import main
from insole.store import Store
from insole.store.writer import LEASE
from tests.support import ROOT

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from insole.recording import FootStream

pytest.importorskip("bumble", reason="needs the emulated radio: pip install insole[virtual]")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the program on a store in ``tmp_path``; whatever still runs at the end is killed."""
    with ExitStack() as running:

        def run(*args: str) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, "-m", "insole.cli", *args],
                cwd=ROOT,
                env={**os.environ, "INSOLE_DATA": str(tmp_path)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            running.enter_context(process)
            running.callback(process.kill)
            return process

        yield run


Start: TypeAlias = "Callable[..., subprocess.Popen[str]]"


def first_address(process: subprocess.Popen[str]) -> str:
    """The first address that the program prints."""
    assert process.stdout is not None
    return next(word for word in process.stdout.readline().split() if word.startswith("http://"))


def record(where: str, of: dict[str, str]) -> None:
    """Let the page's server record, as soon as the insoles are there."""
    asked = urllib.request.Request(
        f"{where}api/v1/live/start",
        data=json.dumps(of).encode(),
        headers={"content-type": "application/json", "origin": where.rstrip("/")},
    )
    with urllib.request.urlopen(asked) as answer:
        assert answer.status == 200


def test_virtual_insoles_come_back_with_the_walkers_answers(tmp_path: Path, start: Start) -> None:
    """Radio, collector, store and analysis: what was walked is what is reported."""
    collecting = start("collect", "--virtual", "--duration", "24", "--speed", "4", "--json")
    out, errors = collecting.communicate(timeout=100)
    assert collecting.returncode == 0, errors
    result = json.loads(out)
    walked = result["walker"]
    for foot in result["feet"].values():
        assert foot["lost"] == foot["duplicates"] == foot["garbled"] == 0
        assert foot["samples"] == foot["expected"] == pytest.approx(2400, abs=120)
        assert foot["rate_hz"] == pytest.approx(100, rel=1e-3)

    from analysis.recipe import analyse
    from insole.recording import Side

    store = Store.open(tmp_path)
    report = analyse(store.read(result["id"]))
    store.close()
    cadence = report.get("cadence_spm")
    assert cadence is not None
    assert cadence.value == pytest.approx(walked["cadence_spm"], abs=0.5)
    for side in Side:
        stance = report.get("stance_time_s", side=side)
        share = report.get("load_share_pct", side=side)
        assert stance is not None
        assert share is not None
        assert stance.value == pytest.approx(walked["stance_time_s"], abs=0.010)
        assert share.value == pytest.approx(walked["load_share_pct"][side], abs=1.0)  # part of a stride at either end


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_polite_stop_seals_the_recording(tmp_path: Path, start: Start, number: signal.Signals) -> None:
    collecting = start("collect", "--virtual", "--json")
    store = Store.open(tmp_path)
    wait_for_samples(store)
    collecting.send_signal(number)
    out, errors = collecting.communicate(timeout=100)
    assert collecting.returncode == 0, errors
    (info,) = store.list()
    assert info.id == json.loads(out)["id"]
    assert info.state == "sealed"
    store.close()


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_the_demo_serves_both_recordings_and_stops_when_told(tmp_path: Path, start: Start) -> None:
    demo = start("demo", "--no-browser", "--port", "0")
    where = first_address(demo).removesuffix("live")
    store = Store.open(tmp_path)
    record(where, {"subject_code": "P-1"})
    wait_for_samples(store)
    with urllib.request.urlopen(f"{where}api/v1/recordings") as answer:
        listed = json.load(answer)
    assert {r["about"]["subject_code"] for r in listed} == {"example", "P-1"}
    for page in ("", "live", f"recordings/{listed[0]['id']}"):
        with urllib.request.urlopen(where + page) as answer:
            assert b"not for diagnosis" in answer.read().lower()
    demo.send_signal(signal.SIGINT)
    _, errors = demo.communicate(timeout=100)
    assert demo.returncode == 0, errors
    assert errors == ""
    assert {i.state for i in store.list()} == {"sealed"}
    store.close()


def test_a_taken_port_is_a_clear_error(start: Start) -> None:
    from insole.cli.web import listen

    with listen(0) as taken:
        port = taken.getsockname()[1]
        taken.listen()
        serving = start("serve", "--port", str(port))
        _, errors = serving.communicate(timeout=100)
    assert serving.returncode == 2
    assert f"port {port}" in errors
    assert "Traceback" not in errors


def test_without_an_adapter_collect_says_what_to_do(start: Start) -> None:
    collecting = start("collect", "--duration", "1")
    _, errors = collecting.communicate(timeout=100)
    assert "Traceback" not in errors
    if collecting.returncode == 0:
        pytest.skip("this machine has a Bluetooth adapter and an insole nearby")
    assert collecting.returncode == 2
    assert errors.startswith("insole: ")


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_after_a_kill_the_next_start_seals_what_was_recorded(tmp_path: Path, start: Start) -> None:
    collecting = start("collect", "--virtual")
    store = Store.open(tmp_path)
    wait_for_samples(store)
    collecting.kill()
    collecting.wait(timeout=100)
    (info,) = store.list()
    assert info.state == "recording"
    samples = dict(info.samples)
    store.close()
    killed_at = datetime.now(UTC)
    with Store.open(tmp_path, now=lambda: killed_at + LEASE) as later:
        assert later.recover() == [info.id]
        recording = later.read(info.id)
        assert later.info(info.id).state == "sealed"
    for side, foot in recording.feet.items():
        assert len(foot.sample) == samples[side] >= 100
        assert foot.missing_samples == 0


def test_a_disk_that_fills_ends_it_and_keeps_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """SQLite's own limit on pages raises the very error that a full disk does."""
    Store.open(tmp_path).close()

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 40}")

    event.listen(Engine, "connect", limit)
    monkeypatch.setattr(
        "sys.argv", ["insole", "collect", "--virtual", "open99", "--speed", "2", "--data", str(tmp_path), "--json"]
    )
    try:
        with pytest.raises(SystemExit) as stopped:
            main.run()
    finally:
        event.remove(Engine, "connect", limit)
    said = capsys.readouterr()
    assert stopped.value.code == 2
    assert "disk is full" in said.err
    assert "Traceback" not in said.err
    result = json.loads(said.out)
    assert "disk is full" in result["error"]
    assert f"Recording {result['id']} is kept" in said.err
    with Store.open(tmp_path, now=lambda: datetime.now(UTC) + LEASE) as store:  # there is room again
        store.recover()
        recording = store.read(result["id"])
        assert store.info(result["id"]).state == "sealed"
    for side, foot in recording.feet.items():
        assert len(foot.sample) == result["samples"][side] > 0


def test_a_replay_is_the_recording_again(tmp_path: Path, start: Start) -> None:
    collecting = start("collect", "--virtual", "--duration", "6", "--speed", "4", "--loss", "right:5%", "--json")
    first, errors = collecting.communicate(timeout=100)
    assert collecting.returncode == 0, errors
    with Store.open(tmp_path) as store:
        whole = store.read(json.loads(first)["id"])
        assert all(foot.missing_samples == 0 for foot in whole.feet.values())  # what was lost was fetched
        holed = store.add(replace(whole, id="", feet={side: with_holes(foot) for side, foot in whole.feet.items()}))
    again, errors = start("replay", holed, "--speed", "20", "--json").communicate(timeout=100)
    with Store.open(tmp_path) as store:
        played, replayed = store.read(holed), store.read(json.loads(again)["id"])
    assert any("not a new measurement" in note for note in replayed.about.notes)
    assert played.feet.keys() == replayed.feet.keys()
    for side, foot in replayed.feet.items():
        before = played.feet[side]
        assert foot.missing_samples > 100
        assert np.array_equal(foot.values, before.values)
        assert np.array_equal(np.diff(foot.sample), np.diff(before.sample))
        assert foot.calibration is not None


def with_holes(foot: FootStream) -> FootStream:
    """Without every thirtieth sample, and without a second and a half."""
    n = np.arange(len(foot.sample))
    there = (n % 30 != 7) & ((n < 200) | (n >= 350))
    return replace(foot, sample=foot.sample[there], time_s=foot.time_s[there], values=foot.values[there])


def wait_for_samples(store: Store) -> None:
    """Until both feet of a live recording have a second of samples in the store."""
    for _ in range(400):
        live = [
            i for i in store.list() if i.state == "recording" and len(i.samples) == 2 and min(i.samples.values()) >= 100
        ]
        if live:
            return
        time.sleep(0.05)
    raise AssertionError("nothing was recorded")
