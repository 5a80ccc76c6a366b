"""Firmware of an ORPHE INSOLE, as far as its maker describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.virtual.firmware import Characteristic, Notify, Resend, SetClock, Start, Stop
from insole.devices import Advertised, orphe
from insole.devices import _orphe_control as control
from insole.errors import LinkError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.virtual.firmware import Action, Present
    from insole.devices import Packet
    from insole.recording import FootMeta

MEMORY_PACKETS = 1500

FIRMWARE = "1.0.0"
"""The version that it advertises."""


class OrpheInsole:
    """See ``ingest.virtual.firmware.Firmware`` and ``docs/devices/orphe.md``."""

    device = orphe.DEVICE

    def __init__(self, meta: FootMeta) -> None:
        rates = (orphe.FULL_RATE_HZ, orphe.ORIENTED_RATE_HZ)
        if meta.layout.n_sensors != orphe.SENSORS or meta.rate_hz not in rates:
            raise LinkError(
                f"a virtual ORPHE INSOLE plays 6 sensors at 200 or 100 Hz, not {meta.layout.n_sensors} at "
                f"{meta.rate_hz:g} Hz; make its walker with virtual_walker"
            )
        self.meta = meta
        self.frames = 2 if meta.rate_hz == orphe.ORIENTED_RATE_HZ else 4
        self.counter_bits = 17 if self.frames == 2 else 18
        self.memory = MEMORY_PACKETS * self.frames

    def characteristics(self) -> Sequence[Characteristic]:
        """See ``Firmware``."""
        return [
            Characteristic(orphe.SERVICE_UUID, orphe.INFO_UUID, control.encode_info(self.meta.side), writes=True),
            Characteristic(orphe.SERVICE_UUID, orphe.TIME_UUID, writes=True),
            Characteristic(orphe.DATA_SERVICE_UUID, orphe.DATA_UUID, notifies=True),
        ]

    def advertised(self, _battery_pct: int) -> bytes:
        """See ``Firmware``."""
        said = control.encode_advertised(Advertised(self.meta.side, None, FIRMWARE))
        return control.COMPANY.to_bytes(2, "little") + said

    def at_once(self, _payload_max: int) -> int:
        """See ``Firmware``."""
        return self.frames

    def written(self, uuid: str, data: bytes, present: Present) -> Sequence[Action]:
        """See ``Firmware``."""
        if uuid == orphe.TIME_UUID:
            return [SetClock(control.decode_time_us(data))]
        if data == control.ORIENTED_MODE:
            return [Start()]
        if data == control.FROM_MEMORY:
            return [Stop()]
        if data in (control.WATCH, control.REST):
            acknowledged = Notify(orphe.DATA_UUID, bytes([control.ANSWER, data[1]]))
            return [acknowledged] if data == control.WATCH else [acknowledged, Stop()]
        if data == control.NEWEST:
            return [Notify(orphe.DATA_UUID, control.encode_reached(present.counter, present.held))]
        return [Resend(serial * self.frames, count * self.frames) for serial, count in control.decode_ask(data)]

    def messages(self, packet: Packet, _payload_max: int) -> list[bytes]:
        """See ``Firmware``."""
        return [orphe.encode(packet)]

    def gone(self, first: int, count: int) -> bytes:
        """See ``Firmware``."""
        return control.encode_gone(first, count)
