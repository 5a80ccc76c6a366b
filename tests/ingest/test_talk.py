"""Dialogues held over a connection, and against a function."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from bleak.exc import BleakError

import ingest.talk
from ingest.talk import Talk
from insole.devices import Ask, Read, Write, hold

if TYPE_CHECKING:
    from collections.abc import Callable

    from insole.devices import Dialogue


class FakeClient:
    """Echoes what is written to ``rx`` as notifications of ``tx``, after one that nobody asked for."""

    address = "F0:F1:F2:F3:F4:01"

    def __init__(self, *, mute: bool = False) -> None:
        self.mute, self.subscriptions, self.written = mute, [], []
        self.services = SimpleNamespace(get_characteristic=lambda uuid: uuid if uuid != "absent" else None)
        self._notify: Callable[[object, bytearray], None]

    async def start_notify(self, uuid: str, callback: Callable[[object, bytearray], None]) -> None:
        self.subscriptions.append(uuid)
        self._notify = callback

    async def read_gatt_char(self, uuid: str) -> bytearray:
        return bytearray(uuid.encode())

    async def write_gatt_char(self, uuid: str, data: bytes, *, response: bool) -> None:
        assert response
        self.written.append((uuid, data))
        if uuid == "rx" and not self.mute:
            tx = SimpleNamespace(uuid="tx")
            self._notify(tx, bytearray(b"sample"))
            self._notify(tx, bytearray(b"re:" + data))


def asking() -> Dialogue[list[bytes | None]]:
    said = [(yield Read("name")), (yield Read("absent")), (yield Write("time", b"12"))]
    for question in (b"side", b"size"):
        answer = yield Ask("rx", question, "tx", lambda p, q=question: p == b"re:" + q)
        said += [answer]
    return said


async def test_a_dialogue_is_held_and_what_it_did_not_ask_for_goes_to_others() -> None:
    client, heard = FakeClient(), []
    talk = Talk(client)
    await talk.listen("tx", heard.append)
    assert await talk.hold(asking()) == [b"name", None, None, b"re:side", b"re:size"]
    assert client.written == [("time", b"12"), ("rx", b"side"), ("rx", b"size")]
    assert client.subscriptions == ["tx"]
    assert heard == [b"sample", b"re:side", b"sample", b"re:size"]


async def test_an_insole_that_does_not_answer_is_an_error_of_the_radio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.talk, "ANSWER_S", 0.01)
    closed = asyncio.Event()

    def waiting() -> Dialogue[None]:
        try:
            yield Ask("rx", b"?", "tx", lambda _: True)
        finally:
            closed.set()

    with pytest.raises(TimeoutError):
        await Talk(FakeClient(mute=True)).hold(waiting())
    assert closed.is_set()


def test_without_a_radio_a_function_answers() -> None:
    answers = iter([b"name", None, None, b"re:side", b"re:size"])
    assert hold(asking(), lambda _: next(answers)) == [b"name", None, None, b"re:side", b"re:size"]
    with pytest.raises(ValueError, match="does not answer 73697a65"):
        hold(asking(), lambda step: b"re:side" if isinstance(step, Ask) else None)


async def test_an_insole_whose_services_are_not_all_there_is_forgotten_and_tried_again(monkeypatch) -> None:
    forgotten: list[str] = []

    async def clear_cache(address: str) -> bool:
        forgotten.append(address)
        return True

    monkeypatch.setattr("bleak_retry_connector.clear_cache", clear_cache)
    talk = Talk(FakeClient())
    await talk.expect("rx", "tx")
    assert not forgotten
    with pytest.raises(BleakError, match="absent is missing"):
        await talk.expect("rx", "absent")
    assert forgotten == ["F0:F1:F2:F3:F4:01"]
