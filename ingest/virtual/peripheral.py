"""A virtual insole: firmware of the Open Insole profile over a real ATT/GATT server."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import Address
from bumble.profiles.device_information_service import DeviceInformationService

from ingest.virtual.radio import QuietHost
from insole.calibration import Calibration
from insole.devices import Advertised, Packet
from insole.devices import _open_insole_about as about
from insole.devices import open_insole as profile
from insole.errors import PacketError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.virtual.pace import Pace
    from ingest.virtual.radio import Radio
    from insole.recording import FootMeta
    from insole.typing import Samples
    from insole.walker import Walker

LATENCY_S = 0.03
"""Frames are gathered into one notification for as long as this (our judgement)."""

_BLOCK = 128
"""Samples that are asked of the walker at once."""

_COMPANY = 0xFFFF
"""Company identifier that the Bluetooth SIG reserves for tests."""

_P = Characteristic.Properties


class VirtualInsole:
    """One insole that plays a walker's foot, at its pace, on a clock of its own.

    Parameters
    ----------
    walker, meta
        What it plays, and what it says it is; ``meta.calibration`` turns kPa into counts.
    radio, address
        Its controller and Bluetooth address.
    pace
        The true time.
    clock_offset_us, drift_ppm
        Its clock at power-on, and by how much it runs fast.
    first_counter
        Raw sample counter at power-on.
    battery_pct
        What it reports.

    Attributes
    ----------
    notifications, sent_samples, dropped_samples
        How many notifications were due, how many samples went out, and how many ``lose`` swallowed.
    lose
        Given the number of a notification, whether the radio loses it.
    """

    def __init__(
        self,
        walker: Walker,
        meta: FootMeta,
        radio: Radio,
        address: str,
        pace: Pace,
        *,
        clock_offset_us: int = 0,
        drift_ppm: float = 0.0,
        first_counter: int = 0,
        battery_pct: int = 87,
    ) -> None:
        if not isinstance(meta.calibration, Calibration):
            raise TypeError("a virtual insole needs a straight line to turn kPa into counts")
        self.meta, self.radio = meta, radio
        self.notifications = self.sent_samples = self.dropped_samples = 0
        self.lose: Callable[[int], bool] | None = None
        self._walker, self._calibration, self._pace = walker, meta.calibration, pace
        self._clock_offset_us, self._fast, self._first_counter = clock_offset_us, 1 + drift_ppm * 1e-6, first_counter
        self._period_us = round(1e6 / meta.rate_hz)
        self._power_on_s = pace.now()
        self._block: tuple[int, Samples] = (0, np.zeros((0, meta.layout.n_sensors), np.uint16))
        self._streaming: asyncio.Task[None] | None = None
        self._advertising: asyncio.Task[None] | None = None
        self._host = self._make_host(address, battery_pct)

    def _make_host(self, address: str, battery_pct: int) -> Device:
        name = f"Virtual insole {self.meta.side}"
        config = DeviceConfiguration(
            name=name, address=Address(address), advertising_interval_min=50, advertising_interval_max=50
        )
        host = Device(config=config, host=QuietHost(self.radio, self.radio))
        self._data = Characteristic(profile.DATA_UUID, _P.NOTIFY, Characteristic.READABLE, b"")
        self._control: Characteristic[bytes] = Characteristic(
            profile.CONTROL_UUID,
            _P.WRITE | _P.WRITE_WITHOUT_RESPONSE | _P.NOTIFY,
            Characteristic.WRITEABLE,
            CharacteristicValue(write=self._on_command),
        )
        told = [
            Characteristic(uuid, _P.READ, Characteristic.READABLE, value)
            for uuid, value in about.encode(self.meta).items()
        ]
        battery = Characteristic("2A19", _P.READ, Characteristic.READABLE, bytes([battery_pct]))
        host.add_services(
            [
                Service(profile.SERVICE_UUID, [self._data, self._control, *told]),
                Service("180F", [battery]),
                DeviceInformationService(
                    manufacturer_name="insole", model_number=self.meta.layout.name, firmware_revision="virtual 1"
                ),
            ]
        )
        said = profile.encode_advertised(Advertised(self.meta.side, battery_pct))
        flags = AdvertisingData.Flags.LE_GENERAL_DISCOVERABLE_MODE | AdvertisingData.Flags.BR_EDR_NOT_SUPPORTED
        host.advertising_data = bytes(
            AdvertisingData(
                [
                    (AdvertisingData.Type.FLAGS, bytes([flags])),
                    (
                        AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
                        UUID(profile.SERVICE_UUID).to_bytes(),
                    ),
                    (AdvertisingData.Type.MANUFACTURER_SPECIFIC_DATA, _COMPANY.to_bytes(2, "little") + said),
                ]
            )
        )
        host.on("connection", self._on_connection)
        return host

    async def power_on(self) -> None:
        """Begin to advertise."""
        await self._host.power_on()
        await self._host.start_advertising(auto_restart=False)

    async def power_off(self) -> None:
        """Stop everything."""
        for task in (self._streaming, self._advertising):
            await _end(task)
        await self._host.power_off()

    def frames(self, first_sample: int, n: int) -> Samples:
        """``(n, S)`` uint16: what it measures as samples ``first_sample`` and after, counted from power-on."""
        start, block = self._block
        if not start <= first_sample <= first_sample + n <= start + len(block):
            size = max(n, _BLOCK)
            # A fast clock samples the same walk more often: each sample is the walk's nearest in true time.
            played = np.round(np.arange(first_sample, first_sample + size) / self._fast).astype(np.int64)
            lowest, highest = int(played[0]), int(played[-1])
            counts = self._walker.counts(self.meta.side, lowest, highest - lowest + 1, self._calibration)
            start, block = self._block = first_sample, counts[played - lowest]
        return block[first_sample - start : first_sample - start + n]

    def true_s(self, sample: int) -> float:
        """True time at which it takes a sample."""
        return self._power_on_s + sample * self._period_us * 1e-6 / self._fast

    def _on_connection(self, connection: Connection) -> None:
        connection.on("disconnection", self._on_disconnection)

    def _on_disconnection(self, _reason: int) -> None:
        self._stop()
        self._advertising = asyncio.get_running_loop().create_task(self._host.start_advertising(auto_restart=False))

    async def _on_command(self, connection: Connection, data: bytes) -> None:
        with suppress(PacketError):
            command = profile.decode_command(bytes(data))
            if isinstance(command, profile.Start):
                self._stop()
                self._streaming = asyncio.get_running_loop().create_task(self._stream(connection))
            elif isinstance(command, profile.Stop):
                self._stop()
            elif isinstance(command, profile.Ping):
                elapsed_us = round((self._pace.now() - self._power_on_s) * self._fast * 1e6)
                answer = profile.encode_pong(command.token, self._clock_offset_us + elapsed_us)
                await self._host.notify_subscriber(connection, self._control, answer)

    def _stop(self) -> None:
        if self._streaming is not None:
            self._streaming.cancel()

    async def _stream(self, connection: Connection) -> None:
        """Notify of all samples from now on, each at its true time: lateness never adds up."""
        payload_max = min(profile.PAYLOAD_MAX, connection.att_mtu - 3)
        fit = profile.frames_that_fit(self.meta.layout.n_sensors, payload_max=payload_max)
        k = max(1, min(fit, int(LATENCY_S * self.meta.rate_hz)))
        sample = int((self._pace.now() - self.true_s(0)) * self._fast * 1e6 // self._period_us) + 1
        while True:
            await self._pace.until(self.true_s(sample + k - 1))
            await self._notify(connection, sample, k, payload_max)
            sample += k

    async def _notify(self, connection: Connection, sample: int, k: int, payload_max: int) -> None:
        number, self.notifications = self.notifications, self.notifications + 1
        if self.lose is not None and self.lose(number):
            self.dropped_samples += k
            return
        packet = Packet(
            counter=(self._first_counter + sample) % 2**profile.DEVICE.counter_bits,
            device_us=(self._clock_offset_us + sample * self._period_us) % profile.DEVICE.time_wrap_us,
            period_us=self._period_us,
            samples=self.frames(sample, k),
            n_sensors=self.meta.layout.n_sensors,
        )
        for part in profile.split(packet, payload_max=payload_max):
            await self._host.notify_subscriber(connection, self._data, profile.encode(part))
        self.sent_samples += k


async def _end(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.wait([task])
