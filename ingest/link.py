"""One insole on the radio: find it, ask what it is, stream, and come back after every drop.

``Link`` is what the collector needs of a foot; ``BleLink`` is one over bleak. Tests and other
transports bring their own.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from ingest.adapter import RADIO_ERRORS, plain_error
from ingest.finding import Search
from ingest.talk import BATTERY_UUID, FIRMWARE_UUID, Talk
from ingest.tasks import first_of
from insole.devices import Advertised
from insole.errors import LinkError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bleak import BleakClient

    from insole.devices import Device
    from insole.recording import FootMeta, Side

_log = logging.getLogger(__name__)

PAUSE_FIRST_S, PAUSE_MAX_S = 0.1, 5.0
"""Pause before a failed reconnection is tried again; it doubles up to the second (our judgement)."""


class Link(Protocol):
    """A foot's insole, as the collector sees it.

    Attributes
    ----------
    side, device
        Which foot, and how its bytes are read.
    name
        For people: the address, or whatever tells it from others.
    firmware
        As the insole says; empty if it does not.
    battery_pct
        As last read, 0 to 100; None if unknown.
    connections
        How often the stream has been started. Each time after the first follows a drop.
    """

    side: Side
    device: Device
    name: str
    firmware: str
    battery_pct: int | None
    connections: int

    @property
    def signal_dbm(self) -> int | None:
        """How strongly it was received when it was found last, before it was connected; None if unknown."""
        ...

    async def connect(self) -> FootMeta:
        """Find the insole and ask it what it is; waits until it is there.

        Raises
        ------
        LinkError
            If there is no usable radio, or the insole is not what it should be.
        """
        ...

    async def stream(self, on_payload: Callable[[bytes, float], None]) -> None:
        """Call ``on_payload(payload, arrival_s)`` for each notification until disconnected.

        Comes back by itself after a drop. ``arrival_s`` is on the clock that the collector
        was given, by default ``time.monotonic``.
        """
        ...

    async def ask(self, command: bytes) -> bool:
        """Write a command while streaming; its answers come as payloads. False if nobody is there to take it."""
        ...

    async def disconnect(self) -> None:
        """Stop the stream and let go; what was sent before is delivered first."""
        ...


class BleLink:
    """An insole over Bluetooth Low Energy.

    Parameters
    ----------
    side
        Which foot to look for. An insole's side is what it says of itself.
    device
        Which make.
    rate_hz
        Rate to ask for; None is the insole's own.
    address
        Take only the insole of this address; None takes the first of its side.
    search
        Finds it; shared by the links of a session, so that they do not get in each other's way.
    client
        Further arguments of bleak's ``BleakClient``, such as ``backend``.
    now
        The clock of arrivals, in seconds.
    """

    def __init__(
        self,
        side: Side,
        device: Device,
        *,
        rate_hz: float | None = None,
        address: str | None = None,
        search: Search | None = None,
        client: dict[str, Any] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.side, self.device, self.name, self.firmware = side, device, address or f"{side} insole", ""
        self.battery_pct: int | None = None
        self.connections = 0
        self._rate_hz, self._address, self._now = rate_hz, address, now
        self._search, self._client_options = search or Search(), client or {}
        self._client: BleakClient | None = None
        self._talk: Talk | None = None
        self._claim, self._answers = "", False
        self._said = Advertised(None, None)
        self._of_other_foot: set[str] = set()
        self._dropped, self._closing = asyncio.Event(), asyncio.Event()

    @property
    def signal_dbm(self) -> int | None:
        """As it was received when it was found last. See ``Link``."""
        return self._search.signal_dbm(self.name)

    async def connect(self) -> FootMeta:
        """Find the insole, connect, and ask what it is; read battery and firmware. See ``Link``."""
        pause_s = PAUSE_FIRST_S
        while (meta := await self._introduced()) is None:
            await first_of([], self._closing, pause_s)
            pause_s = min(PAUSE_MAX_S, pause_s * 2)
        self._address = self.name
        return replace(meta, rate_hz=self._rate_hz or meta.rate_hz, inertial=meta.inertial or self.device.inertial)

    async def _introduced(self) -> FootMeta | None:
        """Find one, connect, and ask what it is; None, and nothing held, if it is to be tried again."""
        held = False
        try:
            talk = await self._open()
            meta = await talk.hold(self.device.describe(datetime.now(UTC)))
            await self._read_state(talk)
            held = meta.side is self.side
            if held:
                return meta
            if self._said.side is not None or self._address is not None:
                raise LinkError(f"{self.name} was taken for the {self.side} foot but says it is the {meta.side} one")
            self._of_other_foot.add(self.name)
        except RADIO_ERRORS as e:
            if (error := plain_error(e)) is not None:
                raise error from e
            _log.info("%s does not answer (%r); trying again", self.name, e)
        finally:
            if not held:
                await self._release()
        return None

    async def stream(self, on_payload: Callable[[bytes, float], None]) -> None:
        """Deliver notifications until ``disconnect``, reconnecting after each drop. See ``Link``."""

        def deliver(payload: bytes) -> None:
            on_payload(payload, self._now())

        pause_s = PAUSE_FIRST_S
        while not self._closing.is_set():
            try:
                talk = self._talk or await self._open()
                self.connections += 1
                for uuid in dict.fromkeys((self.device.data_uuid, *self._backlog_uuid(talk))):
                    await talk.listen(uuid, deliver)
                await talk.hold(self.device.start(self._rate_hz))
                self._answers = bool(self._backlog_uuid(talk))
                pause_s = PAUSE_FIRST_S
                await self._read_state(talk)
                await self._dropped.wait()
            except RADIO_ERRORS as e:
                _log.info("%s is gone (%s); trying again", self.name, plain_error(e) or repr(e))
                await first_of([], self._closing, pause_s)
                pause_s = min(PAUSE_MAX_S, pause_s * 2)
            finally:
                await self._release()

    async def ask(self, command: bytes) -> bool:
        """Write a command to the control characteristic. See ``Link``."""
        if self._talk is None or not self._answers:
            return False
        try:
            await self._talk.write(self.device.control_uuid, command)
        except RADIO_ERRORS:
            return False
        return True

    async def disconnect(self) -> None:
        """Stop the stream, take what is on its way, and disconnect. See ``Link``."""
        self._closing.set()
        client, talk = self._client, self._talk
        if client is not None and talk is not None and client.is_connected:
            with suppress(*RADIO_ERRORS):
                await talk.hold(self.device.stop())
                await client.stop_notify(self.device.data_uuid)
        await self._release()
        self._dropped.set()

    async def _open(self) -> Talk:
        from bleak_retry_connector import BleakClientWithServiceCache, establish_connection

        self._dropped = dropped = asyncio.Event()
        wanted: dict[str, Any] = {"address": self._address, "others": self._of_other_foot}
        found, self._said = await self._search.find(self.device, self.side, **wanted)
        self.name = self._claim = found.address
        client = await establish_connection(
            BleakClientWithServiceCache,
            found,
            self.name,
            disconnected_callback=lambda _: dropped.set(),
            **self._client_options,
        )
        if client.is_connected:
            dropped.clear()  # an attempt that broke before this one has set it
        self._client, self._talk = client, Talk(client)
        await self._talk.expect(self.device.data_uuid, self.device.control_uuid)
        return self._talk

    def _backlog_uuid(self, talk: Talk) -> tuple[str, ...]:
        """The characteristic that notifies of a backlog, if this insole has one."""
        backlog = self.device.backlog
        return (backlog.uuid,) if backlog is not None and talk.has(backlog.uuid) else ()

    async def _read_state(self, talk: Talk) -> None:
        if battery := await talk.read(BATTERY_UUID):
            self.battery_pct = battery[0]
        if (firmware := await talk.read(FIRMWARE_UUID)) is not None:
            self.firmware = firmware.decode("utf-8", "replace")

    async def _release(self) -> None:
        """Let the old connection go, also after a drop: without it BlueZ delivers everything twice next time."""
        client, self._client, self._talk, self._answers = self._client, None, None, False
        claim, self._claim = self._claim, ""
        try:
            if client is not None:
                with suppress(*RADIO_ERRORS):
                    await client.disconnect()
        finally:
            self._search.release(claim)
