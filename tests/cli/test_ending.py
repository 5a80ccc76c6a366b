"""Ctrl-C and a polite kill at every moment of a session: it ends, and what arrived is in a sealed recording."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from ingest import backlog
from insole.cli import main, near
from insole.recording import Side
from insole.store import Store, Writer
from tests.ingest.fakes import FakeLink, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from insole.recording import FootMeta
    from insole.store import Info

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")


@pytest.fixture(params=[signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def told(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Tell this process to stop."""
    return lambda: os.kill(os.getpid(), request.param)


@pytest.fixture
def collect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run ``insole collect --json`` over these links, or those it finds: exit code, what it says, what is stored."""

    def run(links: Callable[[], Sequence[FakeLink]] | None) -> tuple[int, dict[str, Any], str, list[Info]]:
        async def near_are(_: object) -> Sequence[FakeLink]:
            assert links is not None
            return links()

        if links is not None:
            monkeypatch.setattr(near, "links", near_are)
        monkeypatch.setattr("sys.argv", ["insole", "collect", "--json", "--data", str(tmp_path)])
        code = 0
        try:
            main.run()
        except SystemExit as e:
            code = int(e.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        with Store.open(tmp_path) as store:
            return code, json.loads(said.out or "{}"), said.err, store.list()

    return run


async def for_ever() -> NoReturn:
    await asyncio.Event().wait()
    raise AssertionError


class Connecting(FakeLink):
    """Is told to stop while it connects."""

    told: Callable[[], None]

    async def connect(self) -> FootMeta:
        self.told()
        await for_ever()
        raise AssertionError


class Streaming(FakeLink):
    """Is told to stop once all was delivered."""

    told: Callable[[], None]

    async def disconnect(self) -> None:
        await super().disconnect()
        self.told()  # once more

    async def stream(self, on_payload: Callable[[bytes, float], None]) -> None:
        telling = asyncio.create_task(self._tell())
        await super().stream(on_payload)
        await telling

    async def _tell(self) -> None:
        await self.delivered.wait()
        self.told()


class Mute(FakeLink):
    """Takes every question for what was lost, answers none, and is told to stop by each once all was delivered."""

    told: Callable[[], None]

    async def ask(self, command: bytes) -> bool:
        await self.delivered.wait()
        self.told()
        return True


def made(kind: type[FakeLink], side: Side, told: Callable[[], None], script: Sequence[bytes] = ()) -> FakeLink:
    link = kind(side, script)
    link.told = told  # type: ignore[attr-defined]
    return link


def test_while_insoles_are_looked_for(collect: Any, told: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    ended = []

    async def search(**_: Any) -> NoReturn:
        told()
        try:
            await for_ever()
        finally:
            ended.append(True)

    monkeypatch.setattr("ingest.scan.scan", search)
    code, _, errors, stored = collect(None)
    assert (code, stored, ended) == (2, [], [True])
    assert "stopped before an insole was found; nothing was recorded" in errors


@pytest.mark.parametrize("there", [(), (Side.LEFT,)], ids=["none there", "one there"])
def test_while_connecting(there: tuple[Side, ...], collect: Any, told: Callable[[], None]) -> None:
    code, _, errors, stored = collect(
        lambda: [FakeLink(s, walk(0, 40)) if s in there else made(Connecting, s, told) for s in Side]
    )
    assert (code, stored) == (2, [])
    assert "stopped before the recording began; nothing was recorded" in errors


def test_while_streaming(collect: Any, told: Callable[[], None]) -> None:
    code, said, _, (stored,) = collect(lambda: [made(Streaming, Side.LEFT, told, walk(0, 400))])
    assert (code, stored.state, dict(stored.samples)) == (0, "sealed", {Side.LEFT: 400})
    assert said["id"] == stored.id


def test_while_what_was_lost_is_fetched(
    collect: Any, told: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "QUIET_S", 0.0)  # it gives up soon, and not after 10 s
    code, said, _, (stored,) = collect(lambda: [made(Mute, Side.LEFT, told, [*walk(0, 200), *walk(240, 400)])])
    assert (code, stored.state, dict(stored.samples)) == (0, "sealed", {Side.LEFT: 360})
    assert said["feet"]["left"]["lost"] == 40


def test_while_sealing(collect: Any, told: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    seal = Writer.seal

    def slowly(writer: Writer) -> None:
        told()
        seal(writer)
        told()

    monkeypatch.setattr(Writer, "seal", slowly)
    code, _, _, (stored,) = collect(lambda: [made(Streaming, Side.LEFT, told, walk(0, 400))])
    assert (code, stored.state, dict(stored.samples)) == (0, "sealed", {Side.LEFT: 400})
