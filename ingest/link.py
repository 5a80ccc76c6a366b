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
from typing import TYPE_CHECKING, Any, Protocol

from ingest.adapter import RADIO_ERRORS, plain_error
from insole.errors import LinkError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bleak import BleakClient
    from bleak.backends.characteristic import BleakGATTCharacteristic
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData

    from insole.devices import Device
    from insole.recording import FootMeta, Side

_log = logging.getLogger(__name__)

BATTERY_UUID = "00002a19-0000-1000-8000-00805f9b34fb"
FIRMWARE_UUID = "00002a26-0000-1000-8000-00805f9b34fb"
"""Battery Level and Firmware Revision String (Bluetooth Assigned Numbers, 3.8)."""

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
    scanner, client
        Further arguments of bleak's ``BleakScanner`` and ``BleakClient``, such as ``backend``.
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
        scanner: dict[str, Any] | None = None,
        client: dict[str, Any] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.side, self.device, self.name, self.firmware = side, device, address or f"{side} insole", ""
        self.battery_pct: int | None = None
        self.connections = 0
        self._rate_hz, self._address, self._now = rate_hz, address, now
        self._scanner, self._client_options = scanner or {}, client or {}
        self._client: BleakClient | None = None
        self._dropped = asyncio.Event()
        self._closing = asyncio.Event()

    async def connect(self) -> FootMeta:
        """Find the insole, connect, and read its description, battery and firmware. See ``Link``."""
        while True:
            try:
                meta = self.device.describe(await self._introduce())
            except RADIO_ERRORS as e:
                if (error := plain_error(e)) is not None:
                    raise error from e
                _log.info("%s does not answer (%r); trying again", self.name, e)
                await self._release()
                await self._pause(PAUSE_FIRST_S)
                continue
            if meta.side is not self.side:
                raise LinkError(f"{self.name} advertises the {self.side} foot but says it is the {meta.side} one")
            return replace(meta, rate_hz=self._rate_hz or meta.rate_hz, inertial=meta.inertial or self.device.inertial)

    async def stream(self, on_payload: Callable[[bytes, float], None]) -> None:
        """Deliver notifications until ``disconnect``, reconnecting after each drop. See ``Link``."""

        def deliver(_: BleakGATTCharacteristic, payload: bytearray) -> None:
            on_payload(bytes(payload), self._now())

        pause_s = PAUSE_FIRST_S
        while not self._closing.is_set():
            try:
                client = self._client or await self._open()
                self.connections += 1
                await client.start_notify(self.device.data_uuid, deliver)
                await client.write_gatt_char(self.device.control_uuid, self.device.start(self._rate_hz), response=True)
                pause_s = PAUSE_FIRST_S
                await self._read_state(client)
                await self._dropped.wait()
            except RADIO_ERRORS as e:
                _log.info("%s is gone (%s); trying again", self.name, plain_error(e) or repr(e))
                await self._pause(pause_s)
                pause_s = min(PAUSE_MAX_S, pause_s * 2)
            finally:
                await self._release()

    async def disconnect(self) -> None:
        """Stop the stream, take what is on its way, and disconnect. See ``Link``."""
        self._closing.set()
        client = self._client
        if client is not None and client.is_connected:
            with suppress(*RADIO_ERRORS):
                await client.write_gatt_char(self.device.control_uuid, self.device.stop, response=True)
                await client.stop_notify(self.device.data_uuid)
        await self._release()
        self._dropped.set()

    async def _open(self) -> BleakClient:
        from bleak_retry_connector import BleakClientWithServiceCache, establish_connection

        self._dropped = dropped = asyncio.Event()
        found = await self._find()
        client = await establish_connection(
            BleakClientWithServiceCache,
            found,
            self.name,
            disconnected_callback=lambda _: dropped.set(),
            **self._client_options,
        )
        if client.is_connected:
            dropped.clear()  # an attempt that broke before this one has set it
        self._client, self._address, self.name = client, found.address, found.address
        return client

    async def _introduce(self) -> dict[str, bytes]:
        """Connect and read what the device's description is made of."""
        client = await self._open()
        values = {}
        for uuid in self.device.about_uuids:
            if client.services.get_characteristic(uuid) is not None:
                values[uuid] = bytes(await client.read_gatt_char(uuid))
        await self._read_state(client)
        return values

    async def _find(self) -> BLEDevice:
        """Scan until the insole is seen; its side is in its advertisement."""
        from bleak import BleakScanner

        seen: asyncio.Future[BLEDevice] = asyncio.get_running_loop().create_future()

        def look(found: BLEDevice, data: AdvertisementData) -> None:
            said = self.device.advertised(data.manufacturer_data)
            wanted = said is not None and said.side is self.side
            if wanted and self._address in (None, found.address) and not seen.done():
                seen.set_result(found)

        async with BleakScanner(look, service_uuids=[self.device.service_uuid], **self._scanner):
            return await seen

    async def _read_state(self, client: BleakClient) -> None:
        if client.services.get_characteristic(BATTERY_UUID) is not None:
            self.battery_pct = (await client.read_gatt_char(BATTERY_UUID))[0]
        if client.services.get_characteristic(FIRMWARE_UUID) is not None:
            self.firmware = bytes(await client.read_gatt_char(FIRMWARE_UUID)).decode("utf-8", "replace")

    async def _pause(self, pause_s: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), pause_s)

    async def _release(self) -> None:
        """Let the old connection go, also after a drop: without it BlueZ delivers everything twice next time."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(*RADIO_ERRORS):
                await client.disconnect()
