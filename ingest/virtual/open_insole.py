"""Firmware of the Open Insole profile."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ingest.virtual.firmware import Characteristic, Notify, Resend, Start, Stop
from insole.devices import Advertised
from insole.devices import _open_insole_about as about
from insole.devices import open_insole as profile
from insole.errors import PacketError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.virtual.firmware import Action, Present
    from insole.devices import Packet
    from insole.recording import FootMeta

LATENCY_S = 0.03
"""Frames are gathered into one notification for as long as this (our judgement)."""

MEMORY_S = 60.0
"""Seconds of samples that it keeps: what the profile asks for."""

_COMPANY = 0xFFFF
"""Company identifier that the Bluetooth SIG reserves for tests."""


class OpenInsole:
    """See ``ingest.virtual.firmware.Firmware`` and ``docs/devices/open-insole.md``."""

    device = profile.DEVICE
    frames = 1
    counter_bits = profile.DEVICE.counter_bits

    def __init__(self, meta: FootMeta) -> None:
        self.meta = meta
        self.memory = round(MEMORY_S * meta.rate_hz)

    def characteristics(self) -> Sequence[Characteristic]:
        """See ``Firmware``."""
        service = profile.SERVICE_UUID
        return [
            Characteristic(service, profile.DATA_UUID, notifies=True),
            Characteristic(service, profile.CONTROL_UUID, writes=True, notifies=True),
            Characteristic(service, profile.BACKLOG_UUID, notifies=True),
            *(Characteristic(service, uuid, value) for uuid, value in about.encode(self.meta).items()),
        ]

    def advertised(self, battery_pct: int) -> bytes:
        """See ``Firmware``."""
        said = profile.encode_advertised(Advertised(self.meta.side, battery_pct))
        return _COMPANY.to_bytes(2, "little") + said

    def at_once(self, payload_max: int) -> int:
        """See ``Firmware``."""
        fit = profile.frames_that_fit(self.meta.layout.n_sensors, payload_max=_payload(payload_max))
        return max(1, min(fit, int(LATENCY_S * self.meta.rate_hz)))

    def written(self, uuid: str, data: bytes, present: Present) -> Sequence[Action]:
        """See ``Firmware``."""
        with suppress(PacketError):
            match profile.decode_command(data):
                case profile.Start():
                    return [Start()]
                case profile.Stop():
                    return [Stop()]
                case profile.Ping(token):
                    return [Notify(uuid, profile.encode_pong(token, present.device_us))]
                case profile.Resend(first, count):
                    return [Resend(first, count)]
        return []

    def messages(self, packet: Packet, payload_max: int) -> Iterator[bytes]:
        """See ``Firmware``."""
        return map(profile.encode, profile.split(packet, payload_max=_payload(payload_max)))

    def gone(self, first: int, count: int) -> bytes:
        """See ``Firmware``."""
        return profile.encode_gone(first, count)


def _payload(payload_max: int) -> int:
    return min(profile.PAYLOAD_MAX, payload_max)
